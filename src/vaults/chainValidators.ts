/** The validators of the beacon chain; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH without a clear answer. */
export type ChainValidators = {
  /** Finds the validators with these public keys, with their withdrawal credentials: all in lower-case hex with 0x. */
  findValidators(
    publicKeys: readonly string[],
  ): Promise<readonly {readonly publicKey: string; readonly withdrawalCredentials: string}[]>;
};
