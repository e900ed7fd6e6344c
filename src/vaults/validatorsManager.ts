import type {VaultRules} from "./vaultRules.js";

/** A public key (48 bytes in hex with 0x), and gwei up to the largest exact JSON number. */
export type KeyAmount = {readonly publicKey: string; readonly amount: number};

/** A validator to register; `depositSignature` is 96 bytes in hex with 0x. */
export type Registration = KeyAmount & {readonly depositSignature: string};

/** The validator that ends, and the one that gets its stake: 48 bytes in hex with 0x each. */
export type Consolidation = {readonly source: string; readonly target: string};

/**
 * A vault's validators manager: the vault's contract does what it signs. Vaults are 20 bytes in lower-case hex with 0x;
 * signatures are 65 bytes in hex with 0x, valid for the state of the contract at that moment. Signing rejects with
 * EXECUTION_UNAVAILABLE or EXECUTION_CHAIN_MISMATCH if the chain cannot be read. The caller must check keys and amounts with
 * `rulesOf` first: signing what the rules do not allow throws, as a bug of the caller.
 */
export type ValidatorsManager = {
  /** In the mixed case of EIP-55. */
  readonly address: string;
  /** The rules of this vault, or undefined if the configuration does not name it. */
  rulesOf(vault: string): VaultRules | undefined;
  /**
   * Finds the public keys (in lower-case hex with 0x) that do not withdraw to the vault according to the chain, and why; to be
   * called before signing for registered validators. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH.
   */
  findForeign(vault: string, publicKeys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The deposit contract's root now: 32 bytes in hex with 0x. */
  readDepositRoot(): Promise<string>;
  /** Valid while the deposit contract has this root. */
  signRegistration(
    vault: string,
    validatorType: "0x01" | "0x02",
    registrations: readonly Registration[],
    depositRoot: string,
  ): Promise<string>;
  /** How many signatures the vault has accepted, as 32 bytes in hex with 0x: one for anything but a registration is valid while it stays. */
  readNonce(vault: string): Promise<string>;
  /** `nonce`: for which; by default the vault's now. */
  signFunding(vault: string, fundings: readonly KeyAmount[], nonce?: string): Promise<string>;
  signWithdrawal(vault: string, withdrawals: readonly KeyAmount[], nonce?: string): Promise<string>;
  signConsolidation(vault: string, consolidations: readonly Consolidation[], nonce?: string): Promise<string>;
};
