import type {VaultRules} from "./vaultRules.js";

/** A public key (48 bytes in hex with 0x), and gwei up to the largest exact JSON number. */
export type KeyAmount = {readonly publicKey: string; readonly amount: number};

/** A validator to register; `depositSignature` is 96 bytes in hex with 0x. */
export type Registration = KeyAmount & {readonly depositSignature: string};

/** The validator that ends, and the one that gets its stake: 48 bytes in hex with 0x each. */
export type Consolidation = {readonly source: string; readonly target: string};

/** The account that a vault names as its validators manager, and for which a key signs. */
export type ManagerAccount = {
  /** 20 bytes in hex with 0x: in the mixed case of EIP-55, unless it was given otherwise. */
  readonly address: string;
  /** The key's own; or a contract that accepts the key's signatures (ERC-1271): a Safe does so in a form of its own. */
  readonly kind: "key" | "contract" | "safe";
};

/** What a signature of a registration is valid for: a root of the deposit contract. `account`: by default, who the vault names now. */
export type AtRoot = {readonly depositRoot: string; readonly account?: ManagerAccount};

/** What any other signature is valid for: a nonce of the vault. Likewise. */
export type AtNonce = {readonly nonce: string; readonly account: ManagerAccount};

/**
 * A vault's validators manager: the vault's contract does what it signs. Vaults are 20 bytes in lower-case hex with 0x;
 * signatures are 65 bytes in hex with 0x, valid for the state of the contract at that moment. Signing rejects with
 * EXECUTION_UNAVAILABLE or EXECUTION_CHAIN_MISMATCH if the chain cannot be read, and with VALIDATORS_MANAGER_WRONG as `findAccount` does. The caller must check keys and amounts with
 * `rulesOf` first: signing what the rules do not allow throws, as a bug of the caller.
 */
export type ValidatorsManager = {
  /** The key's, in the mixed case of EIP-55. */
  readonly address: string;
  /** Those that the configuration names. */
  readonly vaults: readonly string[];
  /**
   * The account that this key signs for; `named`: which the vault names, read by default. VALIDATORS_MANAGER_WRONG unless it is the key's
   * own, or a contract that accepts the key's signature of a message that no vault takes.
   */
  findAccount(vault: string, named?: string): Promise<ManagerAccount>;
  /** The rules of this vault, or undefined if the configuration does not name it. */
  rulesOf(vault: string): VaultRules | undefined;
  /**
   * Finds the public keys (in lower-case hex with 0x) that do not withdraw to the vault according to the chain, and why; to be
   * called before signing for registered validators. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH.
   */
  findForeign(vault: string, publicKeys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The deposit contract's root now: 32 bytes in hex with 0x. */
  readDepositRoot(): Promise<string>;
  signRegistration(
    vault: string,
    validatorType: "0x01" | "0x02",
    registrations: readonly Registration[],
    at: AtRoot,
  ): Promise<string>;
  /**
   * How many signatures the vault has accepted, as 32 bytes in hex with 0x: one for anything but a registration is valid while it stays.
   * `depth`: as of the block that so many are on top of, itself included; by default the latest.
   */
  readNonce(vault: string, depth?: number): Promise<string>;
  /** `at`: by default the vault's nonce now. */
  signFunding(vault: string, fundings: readonly KeyAmount[], at?: AtNonce): Promise<string>;
  signWithdrawal(vault: string, withdrawals: readonly KeyAmount[], at?: AtNonce): Promise<string>;
  signConsolidation(vault: string, consolidations: readonly Consolidation[], at?: AtNonce): Promise<string>;
};
