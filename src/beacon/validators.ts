import {Type} from "typebox";
import {Compile} from "typebox/schema";
import {assertVerified} from "./checkSynced.js";
import {type BeaconNode, notServed, unavailableAt} from "./node.js";

/** A validator of the beacon chain; hex in lower case with 0x. */
export type ChainValidator = {
  readonly index: number;
  readonly publicKey: string;
  /** https://github.com/ethereum/beacon-APIs/blob/v3.1.0/types/api.yaml */
  readonly status: string;
  readonly withdrawalCredentials: string;
  /** Gwei. */
  readonly balance: number;
  /** Gwei; whole ETH, which follow the balance. */
  readonly effectiveBalance: number;
  /** Beyond all epochs to come while it is not known. */
  readonly activationEpoch: number;
};

const hexOf = (bytes: number) => Type.String({pattern: `^0x[0-9a-fA-F]{${bytes * 2}}$`});

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/validators.yaml
const ValidatorsAnswer = Compile(
  Type.Object({
    execution_optimistic: Type.Optional(Type.Boolean()),
    data: Type.Array(
      Type.Object({
        index: Type.String({pattern: "^[0-9]{1,15}$"}),
        balance: Type.String({pattern: "^[0-9]{1,15}$"}),
        status: Type.String({pattern: "^[a-z_]{1,32}$"}),
        validator: Type.Object({
          pubkey: hexOf(48),
          withdrawal_credentials: hexOf(32),
          effective_balance: Type.String({pattern: "^[0-9]{1,15}$"}),
          activation_epoch: Type.String({pattern: "^[0-9]{1,20}$"}),
        }),
      }),
    ),
  }),
);

/** How many validators are requested at once; each takes about 500 bytes. */
const atOnce = 1000;
const mostBytes = 2 * 1024 * 1024;
/** More validators than this may take a node longer than a usual request. */
const few = 128;
const longTimeoutMs = 60_000;
/** The first version of the beacon API with this route. */
const since = "v2.5.0";

/**
 * Finds the validators with these public keys (in lower-case hex with 0x) and indexes in a state, in the order of their indexes.
 * Undefined if the node does not have the state; CONSENSUS_UNAVAILABLE if its response has validators too many or too few.
 */
export async function askValidators(
  node: BeaconNode,
  stateId: string,
  ids: readonly (string | number)[],
): Promise<ChainValidator[] | undefined> {
  const found: ChainValidator[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = await askSome(node, stateId, ids.slice(from, from + atOnce).map(String));
    if (!some) return undefined;
    found.push(...some);
  }
  return found.sort((a, b) => a.index - b.index);
}

async function askSome(node: BeaconNode, stateId: string, ids: readonly string[]): Promise<ChainValidator[] | undefined> {
  const asked = new Set(ids);
  const path = `beacon/states/${stateId}/validators`;
  // A POST, because a GET answers 404 or 400 alike for "no such validator", "no such state" and "no such route".
  // Every state has the first validator: if it is missing from the response, others may be too.
  const body = {ids: [...new Set(["0", ...ids])]};
  const patience = ids.length > few ? {timeoutMs: longTimeoutMs} : {};
  const answer = await node.ask({path, body, answer: ValidatorsAnswer, maxBytes: mostBytes, since, ...patience});
  if (!answer) {
    if (stateId === "head") throw unavailableAt(node.host, notServed(404, path, since));
    return undefined;
  }
  assertVerified(node, answer);
  const found = new Map<number, ChainValidator>();
  for (const {index, balance, status, validator} of answer.data) {
    const [publicKey, withdrawalCredentials] = [validator.pubkey.toLowerCase(), validator.withdrawal_credentials.toLowerCase()];
    const isAsked = asked.has(index) || asked.has(publicKey);
    const number = Number(index);
    const before = found.get(number);
    if ((!isAsked && number !== 0) || (before && before.publicKey !== publicKey)) {
      throw unavailableAt(node.host, "it answers for other validators");
    }
    found.set(number, {
      index: number,
      publicKey,
      status,
      withdrawalCredentials,
      balance: Number(balance),
      effectiveBalance: Number(validator.effective_balance),
      activationEpoch: Number(validator.activation_epoch),
    });
  }
  const first = found.get(0);
  if (!first) throw unavailableAt(node.host, "its answer lacks validators");
  if (!asked.has("0") && !asked.has(first.publicKey)) found.delete(0);
  return [...found.values()];
}
