/** What the beacon chain says of validators: CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH whenever it does not clearly say. */
export type ChainValidators = {
  /** Those of these public keys that it has, with their withdrawal credentials: all in lower-case hex with 0x. */
  findValidators(
    publicKeys: readonly string[],
  ): Promise<readonly {readonly publicKey: string; readonly withdrawalCredentials: string}[]>;
};
