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
/** ssv-keys writes null for unknown values. */
const maybe = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** One validator: `payload` is what is registered, `data` is what it was made from. */
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

/** The file format of ssv-keys and ssv-dkg: https://github.com/ssvlabs/ssv-keys/blob/v1.2.0/src/lib/KeyShares/KeyShares.ts */
const KeysharesFile = Type.Object({shares: Type.Array(Entry, {minItems: 1})});

/**
 * Whether the content of a JSON file looks like a keyshares file: validators in `shares`, or, in the older format, a single one.
 */
export const isSsvKeyshares = (value: unknown): boolean =>
  typeof value === "object" && value !== null && ("shares" in value || ("data" in value && "payload" in value));

/**
 * Reads an SSV keyshares file: share index = operator id; all validators have the same operators. The file names no network, but
 * must name the owner of each validator unless `verify` is false. Throws KEYSHARES_INVALID, OWNER_SIGNATURE_INVALID or
 * CLUSTER_SHARES_INCONSISTENT.
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
      throw invalid(where, `its operators are ${own}, but ${operators} in shares[0]; give each cluster its own file`);
    }
    const validator = readEntry(entry, where, verify);
    if (validators.has(validator.publicKeyHex)) throw invalid(where, `validator ${validator.publicKeyHex} appears twice`);
    validators.set(validator.publicKeyHex, validator);
    await yieldToEventLoop();
  }
  return {type: "SSV", network, threshold, validators};
}

type LocatedEntry = {entry: Entry; where: string};

function entriesOf(value: unknown, path: string): [LocatedEntry, ...LocatedEntry[]] {
  const isSingle = isSsvKeyshares(value) && !("shares" in (value as object));
  const problems = problemsOf(isSingle ? Entry : KeysharesFile, value);
  if (problems.length > 0)
    throw new DvtError("KEYSHARES_INVALID", `read the keyshares file ${path}:\n  ${problems.join("\n  ")}`);
  if (isSingle) return [{entry: value as Entry, where: path}];
  const {shares} = value as Static<typeof KeysharesFile>;
  return shares.map((entry, position) => ({entry, where: `${path}, shares[${position}]`})) as [LocatedEntry, ...LocatedEntry[]];
}

function readEntry({data, payload}: Entry, where: string, verify: boolean): Validator {
  if (data.publicKey && data.publicKey.toLowerCase() !== payload.publicKey.toLowerCase()) {
    throw invalid(where, `data names validator ${data.publicKey}, but payload ${payload.publicKey}`);
  }
  const [made, registered] = [data.operators?.map(({id}) => id), payload.operatorIds].map((ids) => ids && operatorsOf(ids));
  if (made !== undefined && made !== registered) {
    throw invalid(where, `data names operators ${made}, but payload ${registered}`);
  }
  const owner = verify ? ownerOf(data, where) : undefined;
  return toSsvValidator({...payload, sharesData: fromHex(payload.sharesData), owner}, where);
}

/** OWNER_SIGNATURE_INVALID if no owner is named: an optional signature protects nothing. */
function ownerOf({ownerAddress, ownerNonce}: Entry["data"], where: string): Owner {
  if (ownerAddress && typeof ownerNonce === "number") return {address: ownerAddress, nonce: ownerNonce};
  throw new DvtError(
    "OWNER_SIGNATURE_INVALID",
    `read ${where}: data has no ownerAddress or no ownerNonce; create the file again with both, or accept it with --no-verify, at your own risk`,
  );
}

const operatorsOf = (ids: readonly number[]): string => [...ids].sort((a, b) => a - b).join(", ");

const invalid = (where: string, problem: string): DvtError => new DvtError("KEYSHARES_INVALID", `read ${where}: ${problem}`);
