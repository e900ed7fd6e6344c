import {dirname, resolve} from "node:path";
import type {NetworkName} from "../../schemas/fields.js";
import {ParticipantsFile} from "../../schemas/participants.js";
import {isPublicKey} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {whyNotChecksum} from "../runtime/checksumAddress.js";
import {readJson} from "../runtime/files.js";
import {fromHex} from "../runtime/hex.js";

/** SSV clusters have 3f + 1 operators. */
export const ssvClusterSizes = [4, 7, 10, 13];

/** A cluster in the SSV network's contract: the validators registered with these operators. */
export type SsvCluster = {
  readonly ssvOperatorIds: readonly number[];
  /** Only validators of these owners (20 bytes each, in lower-case hex with 0x). */
  readonly ssvOwners?: readonly string[];
};

/** A cluster of participants.json. */
export type ClusterEntry = {
  readonly id: string;
  /** Absolute path of the public definition, such as Obol's cluster-lock.json; or the cluster in SSV's contract. */
  readonly definition: string | SsvCluster;
  /** Operators that may request exits of its validators. */
  readonly operatorIds: readonly string[];
  readonly sidecars: readonly {readonly shareIndex: number; readonly nkey: string}[];
};

/** The participants of one network. */
export type Participants = {
  readonly network: NetworkName;
  /** Raised with every change that is published; optional in a file that is handed out by hand. */
  readonly version?: number;
  readonly admin: {readonly nkey: string};
  readonly relayer: {readonly nkey: string};
  readonly aggregator: {readonly nkey: string};
  readonly operators: readonly {readonly id: string; readonly nkey: string}[];
  /** They see the state of everything, and can do nothing else. */
  readonly viewers: readonly {readonly id: string; readonly nkey: string}[];
  /** NATS's own tools ask with it how servers, streams and consumers are. */
  readonly monitor?: {readonly nkey: string};
  /** Reloads the NATS servers over the bus, and can do nothing else. */
  readonly serverAdmin?: {readonly nkey: string};
  readonly clusters: readonly ClusterEntry[];
  /** 64 bytes each, newest first: shares are encrypted to the first. */
  readonly aggregatorKeys: readonly Uint8Array[];
};

/** Reads participants.json as it is written, and checks its fields alone. PARTICIPANTS_INVALID lists every problem. */
export const readParticipantsFile = (path: string): Promise<ParticipantsFile> =>
  readJson(path, "the participants file", ParticipantsFile, "PARTICIPANTS_INVALID");

/** Loads and checks participants.json. PARTICIPANTS_INVALID lists every problem. */
export const loadParticipants = async (path: string, network: NetworkName): Promise<Participants> =>
  toParticipants(await readParticipantsFile(path), {path, network});

type Place = {
  /** Where the file is, or will be: definitions are relative to it. */
  readonly path: string;
  readonly network: NetworkName;
};

/** The participants of a file's content. PARTICIPANTS_INVALID lists everything that does not fit together. */
export function toParticipants(file: ParticipantsFile, {path, network}: Place): Participants {
  const {viewers = []} = file;
  const operatorIds = file.operators.map(({id}) => id);
  const problems = [
    ...repeated("operator", operatorIds),
    ...repeated(
      "viewer",
      viewers.map(({id}) => id),
    ),
    ...repeated(
      "cluster",
      file.clusters.map(({id}) => id),
    ),
    ...file.clusters.flatMap(({id, operators, sidecars}) => [
      ...operators
        .filter((operator) => !operatorIds.includes(operator))
        .map((it) => `cluster ${id}: operator ${it} is not in the list of operators`),
      ...repeated(
        `cluster ${id}: share index`,
        sidecars.map(({share_index}) => String(share_index)),
      ),
    ]),
    ...file.clusters.flatMap(ssvProblems),
    ...repeated(
      "the cluster of SSV operators",
      file.clusters.flatMap(({definition}) => (typeof definition === "string" ? [] : [describeSsv(definition)])),
    ),
    ...file.aggregator.encryption_keys.flatMap((key, position) =>
      isPublicKey(fromHex(key)) ? [] : [`aggregator: encryption key ${position + 1} is not a point on secp256k1`],
    ),
    ...repeated(
      "nkey",
      [
        file.admin,
        file.relayer,
        file.aggregator,
        ...file.operators,
        ...viewers,
        ...[file.monitor, file.server_admin].filter((it) => it !== undefined),
        ...file.clusters.flatMap((it) => it.sidecars),
      ].map(({nkey}) => nkey),
    ),
    ...(file.network === network ? [] : [`it is for ${file.network}, but NETWORK is ${network}`]),
  ];
  if (problems.length > 0) {
    throw new DvtError("PARTICIPANTS_INVALID", `read the participants file ${path}:\n  ${problems.join("\n  ")}`);
  }
  return {
    network,
    ...(file.version !== undefined && {version: file.version}),
    admin: file.admin,
    relayer: file.relayer,
    aggregator: {nkey: file.aggregator.nkey},
    operators: file.operators,
    viewers,
    ...(file.monitor && {monitor: file.monitor}),
    ...(file.server_admin && {serverAdmin: file.server_admin}),
    aggregatorKeys: file.aggregator.encryption_keys.map(fromHex),
    clusters: file.clusters.map(({id, definition, operators, sidecars}) => ({
      id,
      definition: typeof definition === "string" ? resolve(dirname(path), definition) : toSsvCluster(definition),
      operatorIds: operators,
      sidecars: sidecars.map(({share_index, nkey}) => ({shareIndex: share_index, nkey})),
    })),
  };
}

type ClusterField = ParticipantsFile["clusters"][number];
type SsvField = Exclude<ClusterField["definition"], string>;

/** A cluster in SSV's contract, as participants.json names it. */
export const toSsvCluster = ({ssv_operator_ids, ssv_owners}: SsvField): SsvCluster => ({
  ssvOperatorIds: ssv_operator_ids,
  ...(ssv_owners && {ssvOwners: ssv_owners.map((owner) => owner.toLowerCase())}),
});

function ssvProblems({id, definition, sidecars}: ClusterField): string[] {
  if (typeof definition === "string") return [];
  const {ssv_operator_ids: ids, ssv_owners: owners = []} = definition;
  const unknownSidecars = sidecars.filter(({share_index}) => !ids.includes(share_index));
  return [
    ...(ssvClusterSizes.includes(ids.length)
      ? []
      : [`cluster ${id}: it has ${ids.length} SSV operators instead of 4, 7, 10 or 13`]),
    ...owners.flatMap((owner) => {
      const why = whyNotChecksum(owner);
      return why === undefined ? [] : [`cluster ${id}: SSV owner ${owner}: ${why}`];
    }),
    ...unknownSidecars.map(({share_index}) => `cluster ${id}: share index ${share_index} is not one of its SSV operator ids`),
  ];
}

const describeSsv = ({ssv_operator_ids: ids, ssv_owners: owners = ["any"]}: SsvField): string =>
  `${[...ids].sort((a, b) => a - b).join(", ")} and owner ${[...owners].sort().join(", ")}`;

const repeated = (what: string, values: readonly string[]): string[] =>
  [...new Set(values.filter((value, position) => values.indexOf(value) !== position))].map((it) => `${what} ${it} appears twice`);
