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

/** A validator that something is asked of. */
export type RequestedValidator = ValidatorState & {
  /** Gwei; whole ETH, which follow the balance. */
  readonly effectiveBalance: number;
  /** For how many epochs it has been active; less than none before that. */
  readonly activeEpochs: number;
  /** Gwei that wait to be withdrawn from it in part. */
  readonly leaving: number;
};

/** What the chain decides requests by; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH without a clear answer. */
export type ChainRequests = {
  /** Finds the validators with these public keys (in lower-case hex with 0x). */
  findWithdrawn(publicKeys: readonly string[]): Promise<readonly RequestedValidator[]>;
  /** Likewise, with the gwei that wait to be consolidated into each, and whether the queue takes no other request. */
  findConsolidated(publicKeys: readonly string[]): Promise<{
    readonly validators: readonly (RequestedValidator & {readonly coming: number})[];
    readonly isQueueFull: boolean;
  }>;
};
