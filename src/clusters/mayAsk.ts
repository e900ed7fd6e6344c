import type {Clusters} from "./clusters.js";

/** Whether the operator may ask for exits of the validator. */
export type MayAsk = (publicKey: string, operatorId: string) => boolean;

/** As participants.json and the definitions say at that moment. */
export const mayAskOf =
  (clusters: Pick<Clusters, "byPublicKey">): MayAsk =>
  (publicKey, operatorId) =>
    clusters.byPublicKey(publicKey)?.cluster.operatorIds.includes(operatorId) === true;
