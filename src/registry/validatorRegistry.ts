/** The validators of the network at one moment. */
export type RegistryView = {
  /** The index of the next validator. */
  readonly nextIndex: number;
  /** Whether this public key (in lower-case hex with 0x) has a valid deposit, so that its index is fixed. */
  isRegistered(publicKey: string): boolean;
};

/** The source of the next validator index. */
export type ValidatorRegistry = {
  /** Reads the latest block; the view knows only of these keys (in lower-case hex with 0x) whether they are registered. */
  read(publicKeys: readonly string[]): Promise<RegistryView>;
};

/** A registry without a chain: the configured index, and no registered keys. */
export const fixedRegistry = (nextIndex: number): ValidatorRegistry => ({
  read: async () => ({nextIndex, isRegistered: () => false}),
});
