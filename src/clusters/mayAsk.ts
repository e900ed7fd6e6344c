import type {Clusters} from "./clusters.js";

/** Whether the operator may request exits of the validator. */
export type MayAsk = (publicKey: string, operatorId: string) => boolean;

/** Decides by the current participants.json and definitions. */
export const mayAskOf =
  (clusters: Pick<Clusters, "byPublicKey">): MayAsk =>
  (publicKey, operatorId) =>
    clusters.byPublicKey(publicKey)?.cluster.operatorIds.includes(operatorId) === true;
