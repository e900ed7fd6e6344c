import {connectBeacon} from "../../src/beacon/connectBeacon.js";
import {createValidatorFinder} from "../../src/beacon/findValidators.js";
import type {CompletedExit, ExitsOutcome, RequestedExit} from "../../src/client/outcome.js";
import {connectExecution} from "../../src/execution/connectExecution.js";
import {createWallet, type Wallet} from "../../src/execution/wallet.js";
import {fixedConfig} from "../../src/oracles/liveOracles.js";
import {readOraclesConfig} from "../../src/oracles/oracleSet.js";
import {register} from "../../src/registration/register.js";
import type {RotationParts} from "../../src/rotation/rotationParts.js";
import type {RotationStep} from "../../src/rotation/steps.js";
import {type BeaconServer, startBeaconServer} from "./beaconServer.js";
import {keyOf} from "./examples/deposits.js";
import {splitExitOf} from "./examples/registration.js";
import {aLogger} from "./logger.js";
import {aRegistrationStage, ether, type RegistrationStage, type VaultChainOfTests} from "./registrationStage.js";

/** A vault with active validators, whose exits are to be rotated. Exits come from here instead of the bus. */
export type RotationStage = Pick<RegistrationStage, "oracles" | "stakeWise" | "anvil"> & {
  readonly parts: RotationParts;
  readonly beacon: BeaconServer;
  readonly steps: RotationStep[];
  /** Those of the vault, in the order of their indexes, from 0. */
  readonly publicKeys: readonly string[];
  /** What was asked for on the bus, and whether as a rotation. */
  readonly asked: {readonly index: number; readonly rotation: boolean}[];
  /** The sidecars refuse what is asked for with these keys. */
  readonly refuses: Set<string>;
  /** What the beacon node shows as the vault's; unless it is said, all of them. */
  showOfVault(publicKeys: readonly string[]): void;
  /** With some ether, on the same chain. */
  anotherWallet(): Promise<Wallet>;
  /** The vault's rotations in the Keeper. */
  nonce(): Promise<bigint>;
};

type Options = {readonly validators?: number; readonly change?: Partial<RotationParts>};

export async function aRotationStage(
  chain: VaultChainOfTests,
  {validators = 3, change = {}}: Options = {},
): Promise<RotationStage> {
  const fund = BigInt(validators * 32) * ether;
  const stage = await aRegistrationStage(chain, {validators, fund, limit: 10, settings: {validatorType: "0x01"}});
  const {network} = chain;
  const {parts: registering, oracles, stakeWise, anvil} = stage;
  const {signal} = new AbortController();
  if (validators > 0) await register(registering, {watch: false, signal});
  const {vaultChain, wallet, approvalsOf} = registering;
  const {vault} = vaultChain;
  const publicKeys = await oracles.rules.validators();
  const seeds = new Map(publicKeys.map((_, position) => [keyOf(`v${position}`), `v${position}`]));
  const config = readOraclesConfig(oracles.config, "the test's");

  const beacon = await startBeaconServer(network);
  const showOfVault = (ofVault: readonly string[]): void =>
    beacon.setHead({validators: publicKeys, pending: [], withdrawals: Object.fromEntries(ofVault.map((key) => [key, vault]))});
  showOfVault(publicKeys);

  const asked: RotationStage["asked"] = [];
  const refuses = new Set<string>();
  const request = async (exits: readonly Omit<RequestedExit, "network">[]): Promise<ExitsOutcome> => {
    for (const {validatorIndex: index, rotation} of exits) asked.push({index, rotation: rotation === true});
    const isRefused = ({publicKey}: {readonly publicKey: string}): boolean => refuses.has(publicKey);
    return {
      rejected: exits
        .filter(isRefused)
        .map((exit) => ({exit: {network, ...exit}, code: "EXIT_REFUSED", reason: "share 1 ROTATION_NOT_ALLOWED"})),
      missing: [],
      completed: exits
        .filter((exit) => !isRefused(exit))
        .map(({publicKey, validatorIndex}): CompletedExit => {
          const of = {network, vault, oracleKeys: chain.oracleKeys, threshold: config.oracleSet.threshold};
          const made = splitExitOf(seeds.get(publicKey) as string, validatorIndex, of);
          const result = {public_keys: made.publicKeyShards, encrypted_exit_signatures: made.exitShards};
          return {exit: {network, publicKey, validatorIndex}, oraclesConfigHash: config.oracleSet.configHash, result};
        }),
    };
  };
  const steps: RotationStep[] = [];
  const parts: RotationParts = {
    network,
    vaultChain,
    keeper: stakeWise.keeper.address.toLowerCase(),
    beacon: createValidatorFinder(connectBeacon(beacon.url, {network, signal, logger: aLogger().logger})),
    oracles: fixedConfig(config),
    approvalsOf,
    candidates: () => publicKeys,
    request,
    wallet,
    limits: {maxFeePerGas: 10n ** 11n, depth: 1, stuckMs: 60_000, lookMs: 20},
    patienceMs: 20_000,
    askAgainMs: 50,
    tell: (step) => void steps.push(step),
    confirm: async () => true,
    ...change,
  };
  return {
    oracles,
    stakeWise,
    anvil,
    parts,
    beacon,
    steps,
    publicKeys,
    asked,
    refuses,
    showOfVault,
    async anotherWallet() {
      const execution = await connectExecution(anvil.url, {chain: network, signal, logger: aLogger().logger, laterMs: 10});
      const other = createWallet(execution, new Uint8Array(32).fill(7), network.chainId);
      await anvil.rpc("anvil_setBalance", other.address, `0x${(10n * ether).toString(16)}`);
      return other;
    },
    nonce: async () => (await vaultChain.readRotation()).nonce,
  };
}
