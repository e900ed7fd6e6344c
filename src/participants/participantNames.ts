import type {ParticipantsFile} from "../../schemas/participants.js";

type Named = {readonly id: string; readonly nkey: string};

/** Somebody who takes part by invitation, as a command names it: sidecar-<cluster_id>-<share_index>, operator-<id> or viewer-<id>. */
export type ParticipantName =
  | {readonly kind: "sidecar"; readonly clusterId: string; readonly shareIndex: number}
  | {readonly kind: "operator" | "viewer"; readonly id: string};

/** Undefined for anybody else, such as the relayer. */
export function parseParticipant(name: string): ParticipantName | undefined {
  const [, clusterId, shareIndex] = /^sidecar-(.+)-([1-9]\d{0,15})$/.exec(name) ?? [];
  if (clusterId !== undefined) return {kind: "sidecar", clusterId, shareIndex: Number(shareIndex)};
  const [, kind, id] = /^(operator|viewer)-(.+)$/.exec(name) ?? [];
  return id === undefined ? undefined : {kind: kind as "operator" | "viewer", id};
}

/** The nkey of this participant; undefined if participants.json does not list it. */
export function nkeyOf(file: ParticipantsFile, name: ParticipantName): string | undefined {
  if (name.kind !== "sidecar") return listOf(file, name.kind).find(({id}) => id === name.id)?.nkey;
  const cluster = file.clusters.find(({id}) => id === name.clusterId);
  return cluster?.sidecars.find(({share_index}) => share_index === name.shareIndex)?.nkey;
}

const listOf = ({operators, viewers = []}: ParticipantsFile, kind: "operator" | "viewer"): readonly Named[] =>
  kind === "operator" ? operators : viewers;

/** All nkeys in participants.json. */
export const nkeysIn = (file: ParticipantsFile): string[] =>
  [
    file.admin,
    file.relayer,
    file.aggregator,
    ...file.operators,
    ...(file.viewers ?? []),
    ...[file.monitor, file.server_admin].filter((it) => it !== undefined),
    ...file.clusters.flatMap(({sidecars}) => sidecars),
  ].map(({nkey}) => nkey);

/** Everybody who can be invited, removed and rotated, in the order of the file. */
export const participantsIn = ({operators, viewers = [], clusters}: ParticipantsFile): {name: string; nkey: string}[] => [
  ...operators.map(({id, nkey}) => ({name: `operator-${id}`, nkey})),
  ...viewers.map(({id, nkey}) => ({name: `viewer-${id}`, nkey})),
  ...clusters.flatMap(({id, sidecars}) => sidecars.map(({share_index, nkey}) => ({name: `sidecar-${id}-${share_index}`, nkey}))),
];

/** The file with this nkey for the participant, who is new or had another; a new operator may ask for exits of these clusters. */
export function withNkey(
  file: ParticipantsFile,
  name: ParticipantName,
  {nkey, clusters = []}: {nkey: string; clusters?: readonly string[] | undefined},
): ParticipantsFile {
  const replaced = (list: readonly Named[] = [], id: string): Named[] => [...list.filter((it) => it.id !== id), {id, nkey}];
  switch (name.kind) {
    case "sidecar":
      return mapCluster(file, [name.clusterId], (cluster) => ({
        ...cluster,
        sidecars: [
          ...cluster.sidecars.filter(({share_index}) => share_index !== name.shareIndex),
          {share_index: name.shareIndex, nkey},
        ].sort((a, b) => a.share_index - b.share_index),
      }));
    case "viewer":
      return {...file, viewers: replaced(file.viewers, name.id)};
    case "operator":
      return mapCluster({...file, operators: replaced(file.operators, name.id)}, clusters, (cluster) => ({
        ...cluster,
        operators: [...new Set([...cluster.operators, name.id])],
      }));
  }
}

/** The file without the participant. */
export function without(file: ParticipantsFile, name: ParticipantName): ParticipantsFile {
  const rest = (list: readonly Named[] = [], id: string): Named[] => list.filter((it) => it.id !== id);
  switch (name.kind) {
    case "sidecar":
      return mapCluster(file, [name.clusterId], (cluster) => ({
        ...cluster,
        sidecars: cluster.sidecars.filter(({share_index}) => share_index !== name.shareIndex),
      }));
    case "viewer":
      return {...file, viewers: rest(file.viewers, name.id)};
    case "operator":
      return {
        ...file,
        operators: rest(file.operators, name.id),
        clusters: file.clusters.map((it) => ({...it, operators: it.operators.filter((id) => id !== name.id)})),
      };
  }
}

type Cluster = ParticipantsFile["clusters"][number];

const mapCluster = (file: ParticipantsFile, ids: readonly string[], change: (cluster: Cluster) => Cluster): ParticipantsFile => ({
  ...file,
  clusters: file.clusters.map((it) => (ids.includes(it.id) ? change(it) : it)),
});
