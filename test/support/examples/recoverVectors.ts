import {vector} from "../files.js";

export type RecoverVector = {
  name: string;
  threshold: number;
  signing_root: string;
  secret_key: string;
  public_key: string;
  signature: string;
  shares: {share_index: number; secret_key: string; public_key: string; signature: string}[];
};

export const recoverVectors = vector<{clusters: RecoverVector[]}>("recover.json").clusters;
