import type {VaultRules} from "./vaultRules.js";

/** Hex with 0x: 48 bytes. Gwei, at most what a JSON number holds exactly. */
export type KeyAmount = {readonly publicKey: string; readonly amount: number};
/** `depositSignature`: 96 bytes in hex with 0x. */
export type Registration = KeyAmount & {readonly depositSignature: string};
/** 48 bytes in hex with 0x each: the validator that ends, and the one that gets its stake. */
export type Consolidation = {readonly source: string; readonly target: string};

/**
 * A vault's validators manager: what it signs, the vault's contract does. Vaults are 20 bytes in lower-case hex with 0x;
 * signatures 65 bytes in hex with 0x, good for what the contract said at that moment. They reject with EXECUTION_UNAVAILABLE
 * or EXECUTION_CHAIN_MISMATCH where it cannot be asked. Whether keys and amounts are allowed is for the caller to ask of
 * `rulesOf` first; what the rules do not allow is not signed, and is a bug of the caller.
 */
export type ValidatorsManager = {
  /** In the mixed case of EIP-55. */
  readonly address: string;
  /** What the configuration allows for this vault, or undefined where it does not name it. */
  rulesOf(vault: string): VaultRules | undefined;
  /**
   * Of these public keys (in lower-case hex with 0x) those that do not withdraw to the vault, and why, by the chain's word: to be
   * asked before anything is signed for validators that it has. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH.
   */
  findForeign(vault: string, publicKeys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Reads the deposit contract's root anew for each. */
  signRegistration(vault: string, validatorType: "0x01" | "0x02", registrations: readonly Registration[]): Promise<string>;
  signFunding(vault: string, fundings: readonly KeyAmount[]): Promise<string>;
  signWithdrawal(vault: string, withdrawals: readonly KeyAmount[]): Promise<string>;
  signConsolidation(vault: string, consolidations: readonly Consolidation[]): Promise<string>;
};
