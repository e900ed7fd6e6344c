import {Type} from "typebox";
import {BlsPubkey, ShareIndex, ValidatorIndex} from "../../../schemas/fields.js";
import type {App} from "../../web/app.js";
import {concerns} from "../access/caller.js";
import {examples} from "../apiDocument/examples.js";
import {security} from "../apiDocument/openApi.js";
import type {Gateway} from "../gateway.js";
import {createdAt, toCreatedAt} from "../progress/createdAt.js";
import {type ExitProgress, readProgress, validatorsOf} from "../progress/readProgress.js";

const Exit = Type.Object({
  public_key: BlsPubkey,
  validator_index: ValidatorIndex,
  is_exit_signature_ready: Type.Boolean(),
  ...createdAt,
  share_indexes_ready: Type.Array(ShareIndex, {description: "shares that are held; empty once the exit is complete"}),
});

const example = {
  public_key: examples.publicKey,
  validator_index: 1000,
  is_exit_signature_ready: false,
  ...examples.createdAt,
  share_indexes_ready: [1, 3],
};

const schema = {
  summary: "The exits that were asked for",
  description: "The exits of the caller's clusters. Sidecars post shares of those that are not ready.",
  security,
  response: {200: Type.Object({exits: Type.Array(Exit)}, {examples: [{exits: [example]}]})},
};

export function addExits(app: App, gateway: Gateway): void {
  app.get("/exits", {schema}, async ({caller}) => {
    const validators = validatorsOf(gateway.clusters.all.filter((cluster) => concerns(caller, cluster)));
    const progress = await readProgress(gateway, validators);
    const exits = [...progress.values()].filter((it) => isReady(it) || it.head.state !== "expired");
    const ordered = await gateway.filterOrdered(exits.filter((it) => !isReady(it)));
    const shown = new Set((await gateway.filterAllowed(ordered)).map(({exit}) => exit.publicKey));
    return {exits: exits.filter((it) => isReady(it) || shown.has(it.exit.publicKey)).map(toExit)};
  });
}

/** Also when it was answered for another oracle set and not asked for again: nobody needs shares of it. */
const isReady = ({head, result}: ExitProgress): boolean => result !== undefined || head.state === "answered";

const toExit = (progress: ExitProgress) => ({
  public_key: progress.exit.publicKey,
  validator_index: progress.exit.validatorIndex,
  is_exit_signature_ready: isReady(progress),
  ...toCreatedAt(progress.head.openedAt),
  share_indexes_ready: [...progress.held].sort((a, b) => a - b),
});
