import {dirname, resolve} from "node:path";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import type {ClusterDefinition} from "../../clusters/cluster.js";
import {definitionHash, ssvDefinitionHash} from "../../clusters/definitionHash.js";
import {DvtError} from "../../errors.js";
import {toSsvCluster} from "../../participants/participants.js";
import type {OpenCentre} from "./openCentre.js";

/** What defines a cluster: its file, read; or its operators in SSV's contract. */
export type FoundDefinition = {
  readonly definition: ClusterDefinition | undefined;
  readonly hash: string;
  readonly shareIndexes: readonly number[];
};

/** Finds what defines a cluster of participants.json. USAGE if there is no such cluster; as loadDefinition. */
export type Definitions = (file: ParticipantsFile, clusterId: string) => Promise<FoundDefinition>;

/** Reads the definitions of clusters as the centre does. */
export const openDefinitions =
  (centre: OpenCentre): Definitions =>
  (file, clusterId) =>
    definitionOf(centre, file, clusterId);

/** The cluster of this id; USAGE if there is none. */
export function clusterIn({clusters}: ParticipantsFile, clusterId: string): ParticipantsFile["clusters"][number] {
  const cluster = clusters.find(({id}) => id === clusterId);
  if (cluster) return cluster;
  throw new DvtError(
    "USAGE",
    `there is no cluster ${clusterId} in participants.json; it has ${clusters.map(({id}) => id).join(", ")}`,
  );
}

async function definitionOf({places}: OpenCentre, file: ParticipantsFile, clusterId: string): Promise<FoundDefinition> {
  const {definition} = clusterIn(file, clusterId);
  if (typeof definition !== "string") {
    const cluster = toSsvCluster(definition);
    return {definition: undefined, hash: ssvDefinitionHash(places.network, cluster), shareIndexes: cluster.ssvOperatorIds};
  }
  const loaded = await places.readDefinition(resolve(dirname(places.participantsFile), definition));
  const [first] = loaded.validators.values();
  return {definition: loaded, hash: definitionHash(loaded), shareIndexes: [...(first?.publicKeyShares.keys() ?? [])]};
}
