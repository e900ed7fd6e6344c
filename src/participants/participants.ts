import {dirname, resolve} from "node:path";
import {Type} from "typebox";
import {Id, Network, type NetworkName, patterns, ShareIndex} from "../../schemas/fields.js";
import {isPublicKey} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

/** Public part of a participant's nkey: its account on the bus, and the proof of what it says. */
const Nkey = Type.String({pattern: "^U[A-Z2-7]{55}$"});
const strict = {additionalProperties: false};

const ParticipantsFile = Type.Object(
  {
    network: Network,
    admin: Type.Object({nkey: Nkey}, strict),
    relayer: Type.Object({nkey: Nkey}, strict),
    aggregator: Type.Object(
      {nkey: Nkey, encryption_keys: Type.Array(Type.String({pattern: patterns.secp256k1Key}), {minItems: 1, maxItems: 16})},
      strict,
    ),
    operators: Type.Array(Type.Object({id: Id, nkey: Nkey}, strict), {minItems: 1}),
    clusters: Type.Array(
      Type.Object(
        {
          id: Id,
          definition: Type.String({minLength: 1}),
          operators: Type.Array(Id, {minItems: 1}),
          sidecars: Type.Array(Type.Object({share_index: ShareIndex, nkey: Nkey}, strict), {minItems: 1, maxItems: 256}),
        },
        strict,
      ),
      {minItems: 1},
    ),
  },
  strict,
);

export type ClusterEntry = {
  readonly id: string;
  /** Absolute path of the public definition, such as Obol's cluster-lock.json. */
  readonly definition: string;
  /** Operators who may ask for exits of its validators. */
  readonly operatorIds: readonly string[];
  readonly sidecars: readonly {readonly shareIndex: number; readonly nkey: string}[];
};

/** Who takes part in one network's exits. */
export type Participants = {
  readonly network: NetworkName;
  readonly admin: {readonly nkey: string};
  readonly relayer: {readonly nkey: string};
  readonly aggregator: {readonly nkey: string};
  readonly operators: readonly {readonly id: string; readonly nkey: string}[];
  readonly clusters: readonly ClusterEntry[];
  /** 64 bytes each, newest first: shares are encrypted to the first. */
  readonly aggregatorKeys: readonly Uint8Array[];
};

/** PARTICIPANTS_INVALID when an id or an nkey stands twice, an operator is not listed, a key is off the curve, or the network is another. */
export async function loadParticipants(path: string, network: NetworkName): Promise<Participants> {
  const file = await readJson(path, "the participants file", ParticipantsFile, "PARTICIPANTS_INVALID");
  const operatorIds = file.operators.map(({id}) => id);
  const problems = [
    ...repeated("operator", operatorIds),
    ...repeated(
      "cluster",
      file.clusters.map(({id}) => id),
    ),
    ...file.clusters.flatMap(({id, operators, sidecars}) => [
      ...operators
        .filter((operator) => !operatorIds.includes(operator))
        .map((it) => `cluster ${id}: operator ${it} is not listed`),
      ...repeated(
        `cluster ${id}: share index`,
        sidecars.map(({share_index}) => String(share_index)),
      ),
    ]),
    ...file.aggregator.encryption_keys.flatMap((key, position) =>
      isPublicKey(fromHex(key)) ? [] : [`aggregator: encryption key ${position + 1} is not a point of secp256k1`],
    ),
    ...repeated(
      "nkey",
      [file.admin, file.relayer, file.aggregator, ...file.operators, ...file.clusters.flatMap((it) => it.sidecars)].map(
        ({nkey}) => nkey,
      ),
    ),
    ...(file.network === network ? [] : [`it is of ${file.network}, but NETWORK is ${network}`]),
  ];
  if (problems.length > 0) {
    throw new DvtError("PARTICIPANTS_INVALID", `read the participants file ${path}:\n  ${problems.join("\n  ")}`);
  }
  return {
    network,
    admin: file.admin,
    relayer: file.relayer,
    aggregator: {nkey: file.aggregator.nkey},
    operators: file.operators,
    aggregatorKeys: file.aggregator.encryption_keys.map(fromHex),
    clusters: file.clusters.map(({id, definition, operators, sidecars}) => ({
      id,
      definition: resolve(dirname(path), definition),
      operatorIds: operators,
      sidecars: sidecars.map(({share_index, nkey}) => ({shareIndex: share_index, nkey})),
    })),
  };
}

const repeated = (what: string, values: readonly string[]): string[] =>
  [...new Set(values.filter((value, position) => values.indexOf(value) !== position))].map((it) => `${what} ${it} stands twice`);
