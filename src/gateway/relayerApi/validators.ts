import {type Static, Type} from "typebox";
import {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {BlsPubkey} from "../../../schemas/fields.js";
import type {ExitId} from "../../exits/exitId.js";
import type {App} from "../../web/app.js";
import {Problem} from "../../web/problem.js";
import {type Caller, concerns} from "../access/caller.js";
import {examples} from "../apiDocument/examples.js";
import {operatorSecurity, problemOf} from "../apiDocument/openApi.js";
import {createAskForMissing} from "../asking/askForMissing.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, readWanted} from "../progress/readProgress.js";

const Validator = Type.Object({
  public_key: BlsPubkey,
  oracles_exit_signature_shares: Type.Union([Type.Null(), OraclesExitSignatureShares]),
});
type ValidatorAnswer = Static<typeof Validator>;

const example = {
  ready: false,
  validators: [
    {public_key: examples.publicKey, oracles_exit_signature_shares: examples.shares},
    {public_key: examples.otherPublicKey, oracles_exit_signature_shares: null},
  ],
};

const schema = {
  summary: "Ask for the exits of these validators",
  description: [
    "The first will get the next validator index, the second the one after it, and so on.",
    "The answer comes at once, with the exits that are complete; operators poll until `ready`.",
    "When somebody else deposits first, the index moves, and new exits are asked for.",
  ].join(" "),
  security: operatorSecurity,
  body: Type.Object(
    {public_keys: Type.Array(BlsPubkey, {minItems: 1, maxItems: 10_000})},
    {examples: [{public_keys: [examples.publicKey, examples.otherPublicKey]}]},
  ),
  response: {
    200: Type.Object(
      {ready: Type.Boolean({description: "all exits are complete"}), validators: Type.Array(Validator)},
      {examples: [example]},
    ),
    ...problemOf("VALIDATORS_REFUSED", "Nothing is asked for", {
      unknown: Type.Array(Type.String(), {description: "public keys that are in no cluster of the operator"}),
      repeated: Type.Array(Type.String(), {description: "public keys that appear twice"}),
    }),
  },
};

export function addValidators(app: App, gateway: Gateway): void {
  const askForMissing = createAskForMissing(gateway);
  app.post("/validators", {schema}, async ({caller, body: {public_keys}}) => {
    const asked = findAsked(gateway, caller, public_keys);
    const operatorId = operatorOf(gateway, caller, asked);
    const {nextIndex: startIndex} = await gateway.registry.read(asked.map(({validator}) => validator.publicKeyHex));
    const {configHash} = gateway.oracles.current();
    const exits = asked.map((it, position) => ({
      ...it,
      publicKey: it.validator.publicKeyHex,
      validatorIndex: startIndex + position,
    }));
    const wanted = await readWanted(gateway, exits);
    await askForMissing({operatorId, startIndex, wanted});
    const validators: ValidatorAnswer[] = [];
    const served: ExitId[] = [];
    for (const it of wanted) {
      const shards = await gateway.results.goodShards(it);
      if (shards) served.push(it.exit);
      validators.push({public_key: it.exit.publicKey, oracles_exit_signature_shares: shards});
    }
    gateway.tellServed(operatorId, served, configHash);
    return {ready: validators.every((it) => it.oracles_exit_signature_shares !== null), validators};
  });
}

/** VALIDATORS_REFUSED unless each is a validator of the caller and appears once: otherwise the answer could never be ready. */
function findAsked({clusters}: Gateway, caller: Caller, publicKeys: readonly string[]): ClusterValidator[] {
  const keys = publicKeys.map((key) => key.toLowerCase());
  const seen = new Set<string>();
  const repeated = keys.filter((key) => seen.has(key) || !seen.add(key));
  const found = keys.map((key) => ({key, asked: clusters.byPublicKey(key)}));
  const known = found.flatMap(({asked}) => (asked && concerns(caller, asked.cluster) ? [asked] : []));
  const unknown = found.filter(({asked}) => !asked || !concerns(caller, asked.cluster)).map(({key}) => key);
  const [first] = [...unknown, ...repeated];
  if (first === undefined) return known;
  const problem = unknown.length > 0 ? "no cluster of this operator has it" : "it appears twice";
  throw new Problem("VALIDATORS_REFUSED", `${first}: ${problem}`, {unknown, repeated});
}

/** The token's operator, or else the first operator that is served and may ask for all of them. */
function operatorOf({operators}: Gateway, caller: Caller, asked: readonly ClusterValidator[]): string {
  if (caller.as === "operator") return caller.operatorId;
  if (caller.as === "sidecar") throw new Problem("NOT_ALLOWED", "a sidecar's token cannot ask for exits");
  const allowed = [...operators.keys()].find((id) => asked.every(({cluster}) => cluster.operatorIds.includes(id)));
  if (allowed === undefined) throw new Problem("NOT_ALLOWED", "this gateway speaks for no operator who may ask for all of these");
  return allowed;
}
