/** The options of `dvt join`. */
export type JoinOptions = {
  folder?: string;
  keystores?: string;
  definition?: string;
  passwordFile?: string;
  passwordDir?: string;
  remoteSigner?: string;
  consensusEndpoint?: string;
  executionEndpoint?: string;
  allowedVaults?: string;
  oracles?: string;
  statusPort?: string;
  verify: boolean;
};
