import {decodeEventLog, type Hex} from "viem";
import {onTestFinished} from "vitest";
import {connectBeacon} from "../../src/beacon/connectBeacon.js";
import {createValidatorFinder} from "../../src/beacon/findValidators.js";
import {createRequestReader} from "../../src/beacon/requestReader.js";
import {connectExecution} from "../../src/execution/connectExecution.js";
import {createManagerChain} from "../../src/execution/managerChain.js";
import {createVaultContracts} from "../../src/execution/vaultContracts.js";
import {createWallet} from "../../src/execution/wallet.js";
import {createConsolidation} from "../../src/registration/operations/createConsolidation.js";
import {createWithdrawal} from "../../src/registration/operations/createWithdrawal.js";
import type {OperationParts, OperationStep} from "../../src/registration/operations/operate.js";
import {register} from "../../src/registration/register.js";
import type {BeaconState} from "../../src/sandbox/chain/beaconAnswers.js";
import {createValidatorsManager} from "../../src/vaults/createValidatorsManager.js";
import type {KeyAmount} from "../../src/vaults/validatorsManager.js";
import type {VaultOperation, VaultRules} from "../../src/vaults/vaultRules.js";
import {startBeaconServer} from "./beaconServer.js";
import {keyOf} from "./examples/deposits.js";
import {aLogger} from "./logger.js";
import {managerOf} from "./openRegistrationParts.js";
import {aRegistrationStage, type VaultChainOfTests} from "./registrationStage.js";

const {signal} = new AbortController();
const gwei = 10n ** 9n;
const ether = 10n ** 18n;
/** Those that the vault has; the third one is not registered. */
export const [first, second, third] = ["v0", "v1", "v2"].map(keyOf) as [string, string, string];

export type OperationStageOptions = {
  readonly rules?: Partial<VaultRules>;
  readonly head?: Partial<BeaconState>;
  readonly settings?: Partial<OperationParts["settings"]>;
  /** What the vault has registered: two validators, unless it is said. */
  readonly registers?: "0x01" | "0x02" | "nothing";
};

const allOperations = new Map<VaultOperation, {maxAmount: number}>([
  ["register", {maxAmount: 32e9}],
  ["withdraw", {maxAmount: 10e9}],
  ["consolidate", {maxAmount: Number.POSITIVE_INFINITY}],
]);

/** A vault with validators, and what acts for its manager. */
export async function anOperationStage(chain: VaultChainOfTests, options: OperationStageOptions = {}) {
  const {rules: change, head, settings, registers = "0x02"} = options;
  const {network} = chain;
  const signer = managerOf(network);
  const registration = await aRegistrationStage(chain, {
    settings: {validatorType: registers === "0x01" ? "0x01" : "0x02", amounts: [32e9, 32e9]},
    rules: {operations: allOperations},
  });
  const {stakeWise, oracles, parts} = registration;
  if (registers !== "nothing") await register(parts, {watch: false, signal});
  const {vault} = parts.rules;
  const rules: VaultRules = {...parts.rules, ...change};
  const withdrawals = Object.fromEntries([first, second, third].map((key) => [key, vault]));
  const balances = {[first]: 40e9, [second]: 40e9};
  const beacon = await startBeaconServer(network, {
    validators: [first, second, third],
    pending: [],
    withdrawals,
    balances,
    ...(registers === "0x01" && {old: [first, second]}),
    ...head,
  });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const {logger} = aLogger();
  const states = createValidatorFinder(connectBeacon(beacon.url, {network, signal: stop.signal, logger}));
  const execution = await connectExecution(chain.anvil.url, {chain: network, signal: stop.signal, logger, laterMs: 10});
  const manager = createValidatorsManager({
    signer,
    contracts: createVaultContracts(execution, stakeWise.depositContract),
    rules: new Map([[vault, rules]]),
    chain: states,
  });
  const steps: OperationStep[] = [];
  const waiting = new Map<OperationStep["step"], () => void>();
  const approvals = parts.approvalsOf(parts.oracles.protocolConfig());
  const operationParts: OperationParts = {
    vaultChain: parts.vaultChain,
    chain: createManagerChain(execution, vault),
    manager,
    wallet: parts.wallet,
    approvals: () => approvals,
    journal: parts.journal,
    tellRegistration: parts.tell,
    tell(step) {
      steps.push(step);
      waiting.get(step.step)?.();
    },
    confirm: async () => true,
    settings: {
      maxFeePerGas: 10n ** 11n,
      depth: 1,
      stuckMs: 60_000,
      lookMs: 20,
      maxRequestFee: 1000n * gwei,
      patienceMs: 0,
      ...settings,
    },
  };
  const clusters: Record<string, string> = {[first]: "c1", [second]: "c1", [third]: "c1"};
  const whyNotKey = (key: string) => (clusters[key] === undefined ? "no cluster of this operator has it" : undefined);
  const requests = createRequestReader(connectBeacon(beacon.url, {network, signal: stop.signal, logger}), network);
  const checking = {rules, whyNotKey, manager, requests, network};
  return {
    ...registration,
    registrationParts: registration.parts,
    registrationSteps: registration.steps,
    parts: operationParts,
    /** With money. */
    async anotherWallet() {
      const wallet = createWallet(execution, new Uint8Array(32).fill(5), network.chainId);
      await chain.anvil.rpc("anvil_setBalance", wallet.address, `0x${ether.toString(16)}`);
      return wallet;
    },
    beacon,
    steps,
    names: () => steps.map(({step}) => step),
    until: (step: OperationStep["step"]) => new Promise<void>((resolve) => void waiting.set(step, resolve)),
    oracles,
    withdrawal: (...asked: KeyAmount[]) => createWithdrawal(checking, asked),
    consolidation: (...pairs: [source: string, target: string][]) =>
      createConsolidation(
        {
          ...checking,
          chain: createManagerChain(execution, vault),
          checker: stakeWise.checker.address,
          limit: () => 2,
        },
        pairs.map(([source, target]) => ({source, target})),
      ),
    /** With another transaction of the manager, which counts. */
    moveNonce: async () => {
      const nonce = await manager.readNonce(vault);
      const validators = `${first}${(1).toString(16).padStart(16, "0")}`;
      const signature = await signer.sign({
        vault,
        validatorsRegistryRoot: nonce,
        validators: new Uint8Array(Buffer.from(validators.slice(2), "hex")),
      });
      await stakeWise.vault.send("withdrawValidators", [validators, signature], {value: 10n ** 15n});
    },
    async events() {
      const {address, abi} = stakeWise.vault;
      const logs = await chain.anvil.rpc<{data: Hex; topics: [Hex]}[]>("eth_getLogs", {address, fromBlock: "earliest"});
      return logs
        .map((log) => decodeEventLog({abi, data: log.data, topics: log.topics}))
        .filter(({eventName}) => /Submitted/.test(String(eventName)));
    },
  };
}

/** 1 ETH from a validator. */
export const part = (publicKey: string, amount = 1e9): KeyAmount => ({publicKey, amount});
