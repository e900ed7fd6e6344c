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

/** Whether the first of these keys would get this index now, and none of them has one: to be asked after what depends on it was read. */
export async function areNext(registry: ValidatorRegistry, publicKeys: readonly string[], startIndex: number): Promise<boolean> {
  const {nextIndex, isRegistered} = await registry.read(publicKeys);
  return nextIndex === startIndex && !publicKeys.some((key) => isRegistered(key));
}

/** A registry without a chain: the configured index, and no registered keys. */
export const fixedRegistry = (nextIndex: number): ValidatorRegistry => ({
  read: async () => ({nextIndex, isRegistered: () => false}),
});
