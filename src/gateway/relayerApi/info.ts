import {Type} from "typebox";
import {Network, patterns} from "../../../schemas/fields.js";
import {examples} from "../apiDocument/examples.js";
import type {Gateway} from "../gateway.js";
import type {App} from "../http/app.js";

const Info = Type.Object(
  {
    network: Network,
    validators_manager_address: Type.Optional(
      Type.String({
        pattern: patterns.address,
        description: "whose signatures it answers, where it has a key; as EIP-55 writes it",
      }),
    ),
  },
  {examples: [{network: "hoodi", validators_manager_address: examples.managerAddress}]},
);

export function addInfo(app: App, {network, manager}: Gateway): void {
  const schema = {summary: "The network, and the validators manager", response: {200: Info}};
  const info = {network: network.name, ...(manager && {validators_manager_address: manager.address})};
  app.get("/info", {config: {open: true}, schema}, () => info);
}
