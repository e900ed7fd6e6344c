import type {Deposit} from "../../schemas/deposit.js";
import type {Approvals} from "../approvals/createApprovals.js";
import type {Network} from "../consensus/networks.js";
import type {TransactionLimits} from "../execution/followTransaction.js";
import type {ManagerChain} from "../execution/managerChain.js";
import type {Harvest, PendingRewards, VaultChain} from "../execution/vaultChain.js";
import type {Wallet} from "../execution/wallet.js";
import type {ConfiguredOracles} from "../oracles/liveOracles.js";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";
import type {ValidatorRegistry} from "../registry/validatorRegistry.js";
import type {ChainValidators, ValidatorState} from "../vaults/chainValidators.js";
import type {KeyAmount, ValidatorsManager} from "../vaults/validatorsManager.js";
import type {VaultRules} from "../vaults/vaultRules.js";
import type {Journal} from "./journal.js";
import type {ReadyExits, WantedValidator} from "./readyExits.js";
import type {Tell} from "./steps.js";

/** What a user chose. */
export type RegistrationSettings = TransactionLimits & {
  readonly validatorType: Deposit["validator_type"];
  /** In gwei, one for each validator; undefined: by the vault's assets. */
  readonly amounts?: readonly number[] | undefined;
  /** The most validators of one registration; undefined: as many as the oracles approve at once. */
  readonly most?: number | undefined;
  /** What stays in the vault, in gwei. */
  readonly keptGwei: number;
  /** Without `watch`: how long what may pass is waited for. */
  readonly patienceMs: number;
  /** With `watch`: how often a vault is looked at that has nothing to register. */
  readonly idleMs: number;
};

/** What says which validators may be topped up. */
export type TopUpSource = {
  /** Public keys of the clusters that the rules name, in lower-case hex with 0x. */
  readonly ownKeys: () => readonly string[];
  /** With deposits that are not processed yet among the balance. */
  readonly stakes: ChainValidators<ValidatorState>;
  readonly chain: Pick<ManagerChain, "findCompounding">;
};

/** What registering works with. */
export type RegistrationParts = {
  readonly network: Network;
  readonly vaultChain: VaultChain;
  readonly fetchHarvest: (rewards: PendingRewards) => Promise<Harvest>;
  readonly registry: ValidatorRegistry;
  readonly readyExits: ReadyExits;
  readonly oracles: ConfiguredOracles;
  readonly approvalsOf: (config: ProtocolConfig) => Approvals;
  readonly manager: Pick<ValidatorsManager, "address" | "findAccount" | "signRegistration" | "readNonce" | "signFunding">;
  readonly wallet: Wallet;
  /** The vault's rules, which name registering. */
  readonly rules: VaultRules;
  /** Where the vault's validators come from that are topped up before others are registered, or why none are. */
  readonly topUpSource: TopUpSource | {readonly whyNot: string};
  /** The public keys that may be registered, in their order, in lower-case hex with 0x. */
  readonly candidates: () => readonly string[];
  /** Of them, those that sidecars refused: when, by performance.now(). They are left out for an hour. */
  readonly refused: Map<string, number>;
  /** The amounts, in gwei, of deposits that were asked for, by public key. */
  readonly signed: Map<string, number>;
  readonly journal: Journal;
  readonly settings: RegistrationSettings;
  readonly tell: Tell;
  /** Whether the user agrees to what is about to be asked for, signed and sent. */
  readonly confirm: (validators: readonly WantedValidator[]) => Promise<boolean>;
  readonly confirmTopUps: (topUps: readonly KeyAmount[]) => Promise<boolean>;
};
