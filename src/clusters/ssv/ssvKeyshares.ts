import {type Static, Type} from "typebox";
import type {NetworkName} from "../../../schemas/fields.js";
import {DvtError} from "../../errors.js";
import {fromHex} from "../../runtime/hex.js";
import {problemsOf} from "../../runtime/problems.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {ClusterDefinition, DefinitionOptions, Validator} from "../cluster.js";
import {type Owner, ssvThresholdOf, toSsvValidator} from "./ssvShares.js";

const PublicKeyHex = Type.String({pattern: "^0x[0-9a-fA-F]{96}$"});
const OperatorId = Type.Integer({minimum: 1, maximum: Number.MAX_SAFE_INTEGER});
/** ssv-keys writes null for what it was not told. */
const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** One validator: `payload` is what is registered, `data` says what it was made of. */
const Entry = Type.Object({
  data: Type.Object({
    ownerNonce: maybe(Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER})),
    ownerAddress: maybe(Type.String({pattern: "^0x[0-9a-fA-F]{40}$"})),
    publicKey: maybe(PublicKeyHex),
    operators: maybe(Type.Array(Type.Object({id: OperatorId}), {maxItems: 256})),
  }),
  payload: Type.Object({
    publicKey: PublicKeyHex,
    operatorIds: Type.Array(OperatorId, {maxItems: 256}),
    sharesData: Type.String({pattern: "^0x([0-9a-fA-F]{2})*$"}),
  }),
});
type Entry = Static<typeof Entry>;

/** What ssv-keys and ssv-dkg write: https://github.com/ssvlabs/ssv-keys/blob/v1.2.0/src/lib/KeyShares/KeyShares.ts */
const KeysharesFile = Type.Object({shares: Type.Array(Entry, {minItems: 1})});

/** Whether a JSON file's content means to be a keyshares file: several validators in `shares`, or, as it was before, one alone. */
export const isSsvKeyshares = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("shares" in value || ("data" in value && "payload" in value));

/**
 * Reads what an SSV keyshares file holds: share index = operator id. All of its validators have the same operators: they are one cluster.
 * It names no network, but unless `verify` is false it names the owner of each. KEYSHARES_INVALID, OWNER_SIGNATURE_INVALID or
 * CLUSTER_SHARES_INCONSISTENT when it is not to be believed.
 */
export async function readSsvKeyshares(
  value: unknown,
  path: string,
  network: NetworkName,
  {verify = true, onUnverified}: DefinitionOptions = {},
): Promise<ClusterDefinition> {
  const entries = entriesOf(value, path);
  const [{entry: first}] = entries;
  const threshold = ssvThresholdOf(first.payload.operatorIds, path);
  const operators = operatorsOf(first.payload.operatorIds);
  if (!verify) onUnverified?.(`${path}: owner signatures of ${entries.length} validators`);
  const validators = new Map<string, Validator>();
  for (const {entry, where} of entries) {
    const own = operatorsOf(entry.payload.operatorIds);
    if (own !== operators) {
      throw invalid(where, `its operators are ${own}, but ${operators} in shares[0]; each cluster has a file of its own`);
    }
    const validator = readEntry(entry, where, verify);
    if (validators.has(validator.publicKeyHex)) throw invalid(where, `validator ${validator.publicKeyHex} stands twice`);
    validators.set(validator.publicKeyHex, validator);
    await yieldToEventLoop();
  }
  return {type: "SSV", network, threshold, validators};
}

type Placed = {entry: Entry; where: string};

function entriesOf(value: unknown, path: string): [Placed, ...Placed[]] {
  const isSingle = isSsvKeyshares(value) && !("shares" in (value as object));
  const problems = problemsOf(isSingle ? Entry : KeysharesFile, value);
  if (problems.length > 0)
    throw new DvtError("KEYSHARES_INVALID", `read the keyshares file ${path}:\n  ${problems.join("\n  ")}`);
  if (isSingle) return [{entry: value as Entry, where: path}];
  const {shares} = value as Static<typeof KeysharesFile>;
  return shares.map((entry, position) => ({entry, where: `${path}, shares[${position}]`})) as [Placed, ...Placed[]];
}

function readEntry({data, payload}: Entry, where: string, verify: boolean): Validator {
  if (data.publicKey && data.publicKey.toLowerCase() !== payload.publicKey.toLowerCase()) {
    throw invalid(where, `data is of validator ${data.publicKey}, but payload of ${payload.publicKey}`);
  }
  const [made, registered] = [data.operators?.map(({id}) => id), payload.operatorIds].map((ids) => ids && operatorsOf(ids));
  if (made !== undefined && made !== registered) {
    throw invalid(where, `data has operators ${made}, but payload ${registered}`);
  }
  const owner = verify ? ownerOf(data, where) : undefined;
  return toSsvValidator({...payload, sharesData: fromHex(payload.sharesData), owner}, where);
}

/** OWNER_SIGNATURE_INVALID where nobody is named: a signature that is not asked for protects nothing. */
function ownerOf({ownerAddress, ownerNonce}: Entry["data"], where: string): Owner {
  if (ownerAddress && typeof ownerNonce === "number") return {address: ownerAddress, nonce: ownerNonce};
  throw new DvtError(
    "OWNER_SIGNATURE_INVALID",
    `read ${where}: data has no ownerAddress or no ownerNonce; make the file again with both, or read it all the same with --no-verify, at your own risk`,
  );
}

const operatorsOf = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join(", ");

const invalid = (where: string, problem: string): DvtError => new DvtError("KEYSHARES_INVALID", `read ${where}: ${problem}`);
