import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {type Network, networks} from "../../src/consensus/networks.js";
import {createVaultSigner} from "../../src/execution/vaultSignature.js";
import {type Anvil, startAnvil} from "../../src/sandbox/chain/anvil.js";
import {ethereumKeystore} from "../../src/sandbox/chain/ethereumKeystore.js";
import {accountOf} from "../../src/sandbox/chain/oracleMessages.js";
import {makeOracleKeys, type PlayedOracles} from "../../src/sandbox/chain/oracles.js";
import {deployStakeWise, type StakeWise} from "../../src/sandbox/chain/stakeWise.js";
import {type BeaconServer, startBeaconServer} from "./beaconServer.js";
import {aDeposit, keyOf} from "./examples/deposits.js";
import {startTestOracles} from "./oracles.js";
import {createSystem, operatorId, type System} from "./system.js";

const ether = 10n ** 18n;

/** A system whose operator has a vault on a chain of the test's own, with 64 ETH (mGNO) in it. */
export type VaultSystem = {
  readonly system: System;
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly oracles: PlayedOracles;
  readonly beacon: BeaconServer;
  /** 20 bytes in lower-case hex with 0x. */
  readonly vault: string;
  /** Of the operator's commands. */
  readonly env: Record<string, string>;
  /** Other oracles are in force from now on, and relayer and aggregator were started again with their config. */
  changeOracles(): Promise<PlayedOracles>;
  /** Private keys of 32 bytes. */
  readonly walletKey: Uint8Array;
  readonly managerKey: Uint8Array;
};

/** `operations`: what the manager's rules name for the vault. `sidecarEnv`: what the sidecars read besides, with the beacon node. */
export async function createVaultSystem(
  operations: object,
  sidecarEnv: Readonly<Record<string, string>> | undefined = undefined,
  network: Network = networks.hoodi,
): Promise<VaultSystem> {
  const [walletKey, managerKey] = [8, 9].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
  const anvil = await startAnvil({chainId: network.chainId});
  onTestFinished(() => anvil.stop());
  const keys = makeOracleKeys(4);
  const manager = createVaultSigner(managerKey, network.chainId);
  const isGnosis = network.name === "gnosis";
  const stakeWise = await deployStakeWise(anvil, {oracleKeys: keys, minOracles: 3, manager: manager.address, isGnosis});
  const oracles = await startTestOracles({anvil, stakeWise, network, threshold: 3, keys});
  const wallet = createVaultSigner(walletKey, network.chainId);
  await anvil.rpc("anvil_setBalance", wallet.address, `0x${ether.toString(16)}`);
  await stakeWise.fund(isGnosis ? 2n * ether : 64n * ether);
  const vault = stakeWise.vault.address.toLowerCase();
  const system = await createSystem({network, validators: 3});
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(system.folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), {mode: 0o600});
    return path;
  };
  await stakeWise.depositElsewhere(aDeposit(network, "the first"));
  const beacon = await startBeaconServer(network, {validators: [keyOf("the first")], pending: []});
  const oraclesFile = {ORACLES_CONFIG_FILE: await file("asked-oracles.json", oracles.config)};
  const env = {
    ...system.env,
    ...oraclesFile,
    OPERATOR_ID: operatorId,
    NATS_SEED_FILE: system.seedFile(`operator-${operatorId}`),
    EXECUTION_ENDPOINT: anvil.url,
    CONSENSUS_ENDPOINT: beacon.url,
    KEEPER_CONTRACT: stakeWise.keeper.address,
    DEPOSIT_CONTRACT: stakeWise.depositContract.address,
    CONSOLIDATIONS_CHECKER_CONTRACT: stakeWise.checker.address,
    WALLET_KEY_FILE: await file("wallet.json", ethereumKeystore(walletKey, "password", "pbkdf2")),
    WALLET_PASSWORD_FILE: await file("password.txt", "password"),
    VALIDATORS_MANAGER_KEY_FILE: await file("manager.json", ethereumKeystore(managerKey, "password", "pbkdf2")),
    VALIDATORS_MANAGER_PASSWORD_FILE: await file("password.txt", "password"),
    VALIDATORS_MANAGER_RULES_FILE: await file("rules.json", [{vault, clusters: ["c1"], ...operations}]),
    MAX_FEE_PER_GAS: "100",
  };
  // A transaction is followed until another block is on top of it.
  await anvil.rpc("evm_setIntervalMining", 1);
  const startRoles = () => Promise.all([system.relayer(oraclesFile), system.aggregator(oraclesFile)]);
  const startSidecars = () =>
    system.sidecar([0, 1, 2, 3], {
      ALLOWED_VAULTS: vault,
      ...(sidecarEnv && {CONSENSUS_ENDPOINT: beacon.url, ...sidecarEnv}),
    });
  let [roles] = await Promise.all([startRoles(), startSidecars()]);
  const changeOracles = async (): Promise<PlayedOracles> => {
    const newKeys = makeOracleKeys(4);
    for (const key of newKeys) await stakeWise.keeper.send("addOracle", [accountOf(key).address]);
    for (const key of keys) await stakeWise.keeper.send("removeOracle", [accountOf(key).address]);
    const others = await startTestOracles({anvil, stakeWise, network, threshold: 3, keys: newKeys});
    await file("asked-oracles.json", others.config);
    await Promise.all(roles.map((role) => role.stop()));
    roles = await startRoles();
    return others;
  };
  return {system, anvil, stakeWise, oracles, beacon, vault, env, changeOracles, walletKey, managerKey};
}
