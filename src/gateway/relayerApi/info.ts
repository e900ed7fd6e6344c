import {Type} from "typebox";
import {Network, patterns} from "../../../schemas/fields.js";
import type {App} from "../../web/app.js";
import {examples} from "../apiDocument/examples.js";
import type {Gateway} from "../gateway.js";

const Info = Type.Object(
  {
    network: Network,
    validators_manager_address: Type.Optional(
      Type.String({
        pattern: patterns.address,
        description: "the address of the validators manager, if the gateway has its key; in EIP-55 checksum case",
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
