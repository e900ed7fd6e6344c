import type {Network} from "../consensus/networks.js";
import type {ExitId} from "../exits/exitId.js";

/** The DepositMessage of the consensus specs, on its network. */
export type DepositToSign = {
  readonly network: Network;
  /** Of the validator, in lower-case hex. */
  readonly publicKey: string;
  /** 32 bytes */
  readonly withdrawalCredentials: Uint8Array;
  /** gwei */
  readonly amount: bigint;
};

/** The key shares that one sidecar signs with, wherever they are kept. */
export type KeyShares = {
  readonly shareIndex: number;
  /** Keys of the validators it can sign for, in lower-case hex. */
  readonly publicKeys: ReadonlySet<string>;
  /** The 96-byte signature share of the exit, of a validator in `publicKeys`. */
  sign(exit: ExitId): Promise<Uint8Array>;
  /** The 96-byte signature share of the deposit, likewise. Whether it may be signed, the caller has decided. */
  signDeposit(deposit: DepositToSign): Promise<Uint8Array>;
};
