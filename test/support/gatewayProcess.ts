import {copyFile, mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {createVaultSigner} from "../../src/execution/vaultSignature.js";
import {fromHex} from "../../src/runtime/hex.js";
import {startAnvil} from "../../src/sandbox/chain/anvil.js";
import {ethereumKeystore} from "../../src/sandbox/chain/ethereumKeystore.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startRole} from "../../src/sandbox/dvtProcess.js";
import {demoVault} from "../../src/sandbox/makeCluster.js";
import {deployWordContract, selectors} from "./chain/wordContract.js";
import {temporaryFolder} from "./servers.js";
import {clusterId, type System} from "./system.js";

const hoodiDepositContract = "0x00000000219ab540356cbb839cbe05303d7705fa";

/** A folder with the seeds of these participants, as GATEWAY_SEEDS_DIR names it. */
export async function seedsOf(system: System, ...participants: string[]): Promise<string> {
  const folder = join(await temporaryFolder(), "seeds");
  await mkdir(folder);
  for (const it of participants) await copyFile(system.seedFile(it), join(folder, `${it}.nkey`));
  return folder;
}

/** The environment of a validators manager that may withdraw from the demo's validators, or what it is told, on a chain of its own. */
export async function managerEnv(
  privateKey: string,
  password: string,
  operations: Readonly<Record<string, object>> = {withdraw: {max_amount: 5}},
): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  const anvil = await startAnvil({chainId: networks.hoodi.chainId});
  onTestFinished(anvil.stop);
  const vault = await deployWordContract(anvil, selectors.managerNonce, demoVault);
  await vault.names(createVaultSigner(fromHex(privateKey), networks.hoodi.chainId).address);
  await deployWordContract(anvil, selectors.depositRoot, hoodiDepositContract);
  const contents = {
    VALIDATORS_MANAGER_KEY_FILE: ethereumKeystore(fromHex(privateKey), password),
    VALIDATORS_MANAGER_PASSWORD_FILE: password,
    VALIDATORS_MANAGER_RULES_FILE: [{vault: demoVault, clusters: [clusterId], ...operations}],
  };
  const files = Object.entries(contents).map(async ([name, content]) => {
    const path = join(folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), {mode: 0o600});
    return [name, path];
  });
  return {...Object.fromEntries(await Promise.all(files)), EXECUTION_ENDPOINT: anvil.url};
}

/** Starts `dvt gateway` on a free port, with 1000 as the next index; returns its URL, too. */
export async function startGatewayProcess(system: System, env: Record<string, string>): Promise<Child & {url: string}> {
  const GATEWAY_STATE_FILE = join(await temporaryFolder(), "gateway-state.jsonl");
  const settings = {...system.env, GATEWAY_STATE_FILE, GATEWAY_PORT: "0", NEXT_VALIDATOR_INDEX: "1000", ...env};
  const child = await startRole("gateway", settings, {onStop: onTestFinished});
  const [, port] = await child.line(/"port":(\d+).*"listening"/);
  return {...child, url: `http://127.0.0.1:${port}`};
}
