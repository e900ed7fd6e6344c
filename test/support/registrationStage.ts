import {afterAll, afterEach, beforeAll, beforeEach, onTestFinished} from "vitest";
import type {CompletedExit, ExitsOutcome, RequestedExit} from "../../src/client/outcome.js";
import {type Network, networks} from "../../src/consensus/networks.js";
import {readOraclesConfig} from "../../src/oracles/oracleSet.js";
import type {Pending} from "../../src/registration/pending.js";
import type {RegistrationParts, RegistrationSettings} from "../../src/registration/registrationParts.js";
import type {Step} from "../../src/registration/steps.js";
import {type Anvil, startAnvil} from "../../src/sandbox/chain/anvil.js";
import {makeOracleKeys, type PlayedOracles} from "../../src/sandbox/chain/oracles.js";
import {deployStakeWise, type StakeWise} from "../../src/sandbox/chain/stakeWise.js";
import type {VaultRules} from "../../src/vaults/vaultRules.js";
import {aDeposit, aTopUp, keyOf} from "./examples/deposits.js";
import {aValidator} from "./examples/registration.js";
import {aLogger} from "./logger.js";
import {managerOf, openRegistrationParts} from "./openRegistrationParts.js";
import {startTestOracles} from "./oracles.js";

export const ether = 10n ** 18n;
/** A vault on a chain of the test's own, with oracles, and what registers for it. Exits come from here instead of the bus. */
export type RegistrationStage = {
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly oracles: PlayedOracles;
  readonly parts: RegistrationParts;
  /** What was told, in its order. */
  readonly steps: Step[];
  /** The exits that were asked for: index and seed of the key. */
  readonly asked: {readonly index: number; readonly publicKey: string}[];
  readonly journal: {pending: Pending};
  /** The sidecars refuse what is asked for with these keys. */
  readonly refuses: Set<string>;
  /** Another process with the same wallet and journal. */
  another(change?: Partial<RegistrationSettings>): Promise<RegistrationParts>;
  /** Resolves once this step was told. */
  untilStep(step: Step["step"]): Promise<void>;
  /** Somebody else deposits for a key of their own, which moves root and index; or for an old one, which moves the root alone. */
  depositElsewhere(what?: "new key" | "top-up"): Promise<void>;
};

/** A vault's chain, which several tests use, each from the same state on. */
export type VaultChainOfTests = {
  readonly network: Network;
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly oracleKeys: readonly Uint8Array[];
};

const minOracles = 3;

/** On Gnosis, stakes are of GNO. */
export async function startVaultChain(network: Network): Promise<VaultChainOfTests> {
  const anvil = await startAnvil({chainId: network.chainId});
  const oracleKeys = makeOracleKeys(4);
  const isGnosis = network.name === "gnosis";
  const stakeWise = await deployStakeWise(anvil, {oracleKeys, minOracles, manager: managerOf(network).address, isGnosis});
  return {network, anvil, stakeWise, oracleKeys};
}

/** The chain of a file's tests, or a group's: each begins with what the first one found. */
export function useVaultChain(network: Network = networks.mainnet): () => VaultChainOfTests {
  let chain: VaultChainOfTests;
  let snapshot: string;
  beforeAll(async () => {
    chain = await startVaultChain(network);
  });
  afterAll(() => chain.anvil.stop());
  beforeEach(async () => {
    snapshot = await chain.anvil.rpc("evm_snapshot");
  });
  afterEach(async () => {
    // What is pending would be mined while the chain goes back.
    await chain.anvil.rpc("anvil_dropAllTransactions");
    await chain.anvil.rpc("evm_setAutomine", true);
    await chain.anvil.rpc("evm_revert", snapshot);
  });
  return () => chain;
}

type Options = {
  readonly validators?: number;
  /** Wei more in the vault, of ETH or mGNO. */
  readonly fund?: bigint;
  readonly gateways?: readonly URL[];
  /** The most validators that the oracles approve at once. */
  readonly limit?: number;
  readonly settings?: Partial<RegistrationSettings>;
  readonly rules?: Partial<VaultRules>;
  readonly topUpSource?: RegistrationParts["topUpSource"];
};

export async function aRegistrationStage(
  {network, anvil, stakeWise, oracleKeys: keys}: VaultChainOfTests,
  options: Options = {},
): Promise<RegistrationStage> {
  const {validators = 3, fund = 64n * ether, settings, rules, topUpSource, gateways = [], limit = 10} = options;
  await stakeWise.fund(network.name === "gnosis" ? fund / 32n : fund);
  const oracles = await startTestOracles({anvil, stakeWise, network, threshold: minOracles, keys, approvalLimit: limit});
  const vault = stakeWise.vault.address.toLowerCase();
  const seeds = new Map(Array.from({length: validators}, (_, position) => [keyOf(`v${position}`), `v${position}`]));
  const vaultRules: VaultRules = {
    vault,
    clusters: new Set(["c1"]),
    operations: new Map([["register", {maxAmount: 2_000_000_000_000}]]),
    allowFullExits: false,
    ...rules,
  };
  const steps: Step[] = [];
  const asked: RegistrationStage["asked"] = [];
  const journal: RegistrationStage["journal"] = {pending: {}};
  let strangers = 0;
  const waiting = new Map<Step["step"], () => void>();
  const config = readOraclesConfig(oracles.config, "the test's");
  const {configHash} = config.oracleSet;

  const refuses = new Set<string>();
  const request = async (exits: readonly Omit<RequestedExit, "network">[]): Promise<ExitsOutcome> => ({
    rejected: exits
      .filter(({publicKey}) => refuses.has(publicKey))
      .map((exit) => ({exit: {network, ...exit}, code: "DEPOSIT_REFUSED", reason: "share 1 CREDENTIALS_DIFFER"})),
    missing: [],
    completed: exits
      .filter(({publicKey}) => !refuses.has(publicKey))
      .map(({publicKey, validatorIndex, deposit}): CompletedExit => {
        asked.push({index: validatorIndex, publicKey});
        const made = aValidator(seeds.get(publicKey) as string, validatorIndex, {
          network,
          vault,
          oracleKeys: keys,
          threshold: minOracles,
          ...(deposit && {validatorType: deposit.validator_type, amount: deposit.amount}),
        });
        return {
          exit: {network, publicKey, validatorIndex},
          oraclesConfigHash: configHash,
          result: {public_keys: made.publicKeyShards, encrypted_exit_signatures: made.exitShards},
          ...(deposit && {deposit: {...deposit, signature: made.depositSignature}}),
        } as CompletedExit;
      }),
  });

  const open = (change: Partial<RegistrationSettings> = {}): Promise<RegistrationParts> =>
    openRegistrationParts(
      {anvil, stakeWise},
      {
        network,
        config,
        rules: vaultRules,
        gateways,
        publicKeys: [...seeds.keys()],
        request,
        ahead: 3,
        journal: {
          read: async () => journal.pending,
          write: async (pending) => {
            journal.pending = pending;
          },
        },
        tell: (step) => {
          steps.push(step);
          waiting.get(step.step)?.();
        },
        topUpSource,
        settings: {...settings, ...change},
        logger: aLogger().logger,
        onStop: onTestFinished,
      },
    );
  const parts = await open();
  return {
    anvil,
    stakeWise,
    oracles,
    parts,
    steps,
    asked,
    refuses,
    journal,
    another: open,
    async depositElsewhere(what = "new key") {
      const seed = `elsewhere-${what === "new key" ? ++strangers : 0}`;
      const deposit = aDeposit(network, seed);
      await stakeWise.depositElsewhere(what === "new key" ? deposit : aTopUp(deposit));
    },
    untilStep: (step) => new Promise((resolve) => void waiting.set(step, resolve)),
  };
}
