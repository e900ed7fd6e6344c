import {randomBytes} from "node:crypto";
import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fullStakeGwei} from "../../consensus/deposit.js";
import {ethereumKeystore} from "../../sandbox/chain/ethereumKeystore.js";
import type {Demo} from "../prepareDemo.js";
import type {PlayedOutside} from "./playOutside.js";

/** Writes the keystores and the rules of the operator, and returns the variables of a command that registers. */
export async function writeOperatorFiles(
  {folder, clusters, depositData, operatorEnv}: Demo,
  {vault, stakeWise, managerKey, walletKey}: PlayedOutside,
): Promise<Record<string, string>> {
  const write = async (name: string, content: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content, {mode: 0o600});
    return path;
  };
  const writeKey = async (name: string, key: Uint8Array) => {
    const password = randomBytes(16).toString("hex");
    const keystore = JSON.stringify(ethereumKeystore(key, password, "pbkdf2"));
    return {key: await write(`${name}.json`, keystore), password: await write(`${name}.password`, password)};
  };
  const [wallet, manager] = [await writeKey("wallet", walletKey), await writeKey("manager", managerKey)];
  const rules = [{vault, clusters: clusters.map(({id}) => id), register: {max_amount: fullStakeGwei}}];
  return {
    ...operatorEnv,
    LOG_LEVEL: "warn",
    DEPOSIT_CONTRACT: stakeWise.depositContract.address.toLowerCase(),
    DEPOSIT_DATA_FILE: depositData,
    ORACLES_CHECKPOINT_FILE: join(folder, "operator-oracles.json"),
    REGISTRY_CHECKPOINT_FILE: join(folder, "operator-registry.jsonl"),
    WALLET_KEY_FILE: wallet.key,
    WALLET_PASSWORD_FILE: wallet.password,
    VALIDATORS_MANAGER_KEY_FILE: manager.key,
    VALIDATORS_MANAGER_PASSWORD_FILE: manager.password,
    VALIDATORS_MANAGER_RULES_FILE: await write("rules.json", JSON.stringify(rules)),
    MAX_FEE_PER_GAS: "100",
  };
}
