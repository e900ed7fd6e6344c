import type {ExitId} from "../exits/exitId.js";

/** The key shares that one sidecar signs with, wherever they are kept. */
export type KeyShares = {
  readonly shareIndex: number;
  /** Keys of the validators it can sign for, in lower-case hex. */
  readonly publicKeys: ReadonlySet<string>;
  /** The 96-byte signature share of the exit, of a validator in `publicKeys`. */
  sign(exit: ExitId): Promise<Uint8Array>;
};
