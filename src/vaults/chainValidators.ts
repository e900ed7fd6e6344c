/** A validator of the beacon chain: public key and withdrawal credentials in lower-case hex with 0x. */
export type ChainValidator = {readonly publicKey: string; readonly withdrawalCredentials: string};

/** The validators of the beacon chain; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH without a clear answer. */
export type ChainValidators<V extends ChainValidator = ChainValidator> = {
  /** Finds the validators with these public keys (likewise). */
  findValidators(publicKeys: readonly string[]): Promise<readonly V[]>;
};

/** A validator as it is at the head. */
export type ValidatorState = ChainValidator & {
  readonly index: number;
  /** https://github.com/ethereum/beacon-APIs/blob/v3.1.0/types/api.yaml */
  readonly status: string;
  /** Gwei. */
  readonly balance: number;
};
