import {Type} from "typebox";
import {BlsPubkey, ShareIndex, ValidatorIndex} from "../../../schemas/fields.js";
import type {App} from "../app.js";
import {concerns} from "../caller.js";
import type {Gateway} from "../gateway.js";
import {lookUp, type Standing} from "../lookUp.js";
import {security} from "../openApi.js";
import {toCreatedAt} from "./createdAt.js";

const Exit = Type.Object({
  public_key: BlsPubkey,
  validator_index: ValidatorIndex,
  is_exit_signature_ready: Type.Boolean(),
  created_at_timestamp: Type.Integer({minimum: 0, description: "seconds since 1970"}),
  created_at_string: Type.String({
    pattern: "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\+0000$",
    description: "%Y-%m-%d %H:%M:%S%z",
  }),
  share_indexes_ready: Type.Array(ShareIndex, {description: "those that are held; empty once the exit is complete"}),
});

const schema = {
  summary: "The exits that are asked for, of the caller's clusters",
  security,
  response: {200: Type.Object({exits: Type.Array(Exit)})},
};

export function addExits(app: App, gateway: Gateway): void {
  app.get("/exits", {schema}, async ({caller}) => {
    const places = gateway.clusters.all
      .filter((cluster) => concerns(caller, cluster))
      .flatMap((cluster) => [...cluster.validators.values()].map((validator) => ({cluster, validator})));
    const standings = [...(await lookUp(gateway, places)).values()];
    return {exits: standings.filter(({head, result}) => result !== undefined || head.state !== "expired").map(toExit)};
  });
}

const toExit = ({exit, head, result, held}: Standing) => ({
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  is_exit_signature_ready: result !== undefined,
  ...toCreatedAt(head.openedAt),
  share_indexes_ready: [...held].sort((a, b) => a - b),
});
