import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {beforeEach, expect, it, onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {createVaultSigner} from "../../src/execution/vaultSignature.js";
import {startAnvil} from "../../src/sandbox/chain/anvil.js";
import {ethereumKeystore} from "../../src/sandbox/chain/ethereumKeystore.js";
import {makeOracleKeys, type PlayedOracles} from "../../src/sandbox/chain/oracles.js";
import {deployStakeWise, type StakeWise} from "../../src/sandbox/chain/stakeWise.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {dvt} from "../support/dvt.js";
import {aDeposit, keyOf} from "../support/examples/deposits.js";
import {startTestOracles} from "../support/oracles.js";
import {createSystem, operatorId, type System} from "../support/system.js";

const network = networks.hoodi;
const ether = 10n ** 18n;
const [walletKey, managerKey] = [8, 9].map((byte) => new Uint8Array(32).fill(byte)) as [Uint8Array, Uint8Array];
let system: System;
let stakeWise: StakeWise;
let oracles: PlayedOracles;
let env: Record<string, string>;

beforeEach(async () => {
  const anvil = await startAnvil({chainId: network.chainId});
  onTestFinished(() => anvil.stop());
  const keys = makeOracleKeys(4);
  const manager = createVaultSigner(managerKey, network.chainId);
  stakeWise = await deployStakeWise(anvil, {oracleKeys: keys, minOracles: 3, manager: manager.address});
  oracles = await startTestOracles({anvil, stakeWise, network, threshold: 3, keys});
  const wallet = createVaultSigner(walletKey, network.chainId);
  await anvil.rpc("anvil_setBalance", wallet.address, `0x${ether.toString(16)}`);
  await stakeWise.fund(64n * ether);
  const vault = stakeWise.vault.address.toLowerCase();
  system = await createSystem({validators: 3});
  const file = async (name: string, content: unknown): Promise<string> => {
    const path = join(system.folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), {mode: 0o600});
    return path;
  };
  await stakeWise.depositElsewhere(aDeposit(network, "the first"));
  const beacon = await startBeaconServer(network, {validators: [keyOf("the first")], pending: []});
  const oraclesFile = {ORACLES_CONFIG_FILE: await file("asked-oracles.json", oracles.config)};
  env = {
    ...system.env,
    ...oraclesFile,
    OPERATOR_ID: operatorId,
    NATS_SEED_FILE: system.seedFile(`operator-${operatorId}`),
    EXECUTION_ENDPOINT: anvil.url,
    CONSENSUS_ENDPOINT: beacon.url,
    KEEPER_CONTRACT: stakeWise.keeper.address,
    DEPOSIT_CONTRACT: stakeWise.depositContract.address,
    WALLET_KEY_FILE: await file("wallet.json", ethereumKeystore(walletKey, "password", "pbkdf2")),
    WALLET_PASSWORD_FILE: await file("password.txt", "password"),
    VALIDATORS_MANAGER_KEY_FILE: await file("manager.json", ethereumKeystore(managerKey, "password", "pbkdf2")),
    VALIDATORS_MANAGER_PASSWORD_FILE: await file("password.txt", "password"),
    VALIDATORS_MANAGER_RULES_FILE: await file("rules.json", [{vault, clusters: ["c1"], register: {max_amount: 32_000_000_000}}]),
    MAX_FEE_PER_GAS: "100",
  };
  // A registration is followed until another block is on top of it.
  await anvil.rpc("evm_setIntervalMining", 1);
  await Promise.all([
    system.relayer(oraclesFile),
    system.aggregator(oraclesFile),
    system.sidecar([0, 1, 2, 3], {ALLOWED_VAULTS: vault}),
  ]);
});

const register = (...more: string[]) =>
  dvt(["operator", "register", "--vault", stakeWise.vault.address, "--type", "0x01", ...more], env);

it("dvt operator register brings validators of a cluster into a vault on the chain", async () => {
  const dry = await register("--dry-run");
  expect(dry.code, dry.output).toBe(0);
  expect(dry.output).toContain("nothing was asked for, signed or sent");
  expect(oracles.all.flatMap((oracle) => oracle.asked())).toEqual([]);

  const looked = await dvt(["operator", "vault", "--vault", stakeWise.vault.address, "--type", "0x01"], env);
  expect(looked.code, looked.output).toBe(0);
  expect(looked.output).toMatch(
    /to stake: 64 ETH\n[\s\S]*registered within a day: 0, 0 ETH\n[\s\S]*outdated: not known: 0 of 3 needed oracles/,
  );
  expect(looked.output).toContain(`next registration, from index 1:\n  ${system.publicKeys[0]} 1 32 ETH`);

  const {code, output} = await register("--yes");
  expect(code, output).toBe(0);
  const registered = system.publicKeys.slice(0, 2);
  for (const publicKey of registered) expect(output).toContain(publicKey);
  expect(await oracles.rules.validators()).toEqual([keyOf("the first"), ...registered]);
  expect(await stakeWise.vault.read("withdrawableAssets")).toBe(0n);

  const again = await register("--yes");
  expect(again.code, again.output).toBe(75);
  expect(again.output).toContain("the vault has 0 ETH to stake");
  for (const key of [walletKey, managerKey]) expect(output).not.toContain(Buffer.from(key).toString("hex"));
  expect(await readFile(join(system.folder, "password.txt"), "utf8")).toBe("password");
});
