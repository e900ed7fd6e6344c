/** What the network knows of validators, as of one moment. */
export type RegistryView = {
  /** The index that the next validator will get that is deposited for. */
  readonly nextIndex: number;
  /** Whether this public key (in lower-case hex with 0x) was deposited for with a valid signature: it has its index for life. */
  isRegistered(publicKey: string): boolean;
};

export type ValidatorRegistry = {
  /** As of the latest block; it can tell of these keys (in lower-case hex with 0x) and no others whether they are registered. */
  read(publicKeys: readonly string[]): Promise<RegistryView>;
};

/** What is known where nobody can be asked: the index that was given by hand, and of no key that it is registered. */
export const fixedRegistry = (nextIndex: number): ValidatorRegistry => ({
  read: async () => ({nextIndex, isRegistered: () => false}),
});
