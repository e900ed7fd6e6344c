import {readFile} from "node:fs/promises";
import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import {parseEndpoints} from "../../http/endpoints.js";
import type {LatestConfig} from "../../oracles/latestConfig.js";
import {loadOracleSet, type OracleSet} from "../../oracles/oracleSet.js";
import {parseEnv} from "../../runtime/env.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {toHex} from "../../runtime/hex.js";
import {createLogger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {shortened, toColumns} from "../columns.js";
import {OraclesSaveEnv, OraclesShowEnv} from "../env/administratorEnv.js";
import {oraclesRules} from "../opening/openOracles.js";
import {createProgress} from "../progress.js";
import {terminal} from "../terminal.js";

/** Runs `dvt oracles show`: the set of ORACLES_CONFIG_FILE, or else of the chain. */
export async function runOraclesShow({json = false}: {json?: boolean}, env: NodeJS.ProcessEnv): Promise<void> {
  const {ORACLES_CONFIG_FILE: file, ...config} = parseEnv(OraclesShowEnv, env, oraclesRules);
  if (file !== undefined) {
    const path = userPath(file, env);
    show({source: path, oracleSet: await loadOracleSet(path)}, json);
    return;
  }
  const {ipfsHash, oracleSet} = await readLatest(config);
  show({source: `ipfs://${ipfsHash}`, oracleSet}, json);
}

const chainRules = ({EXECUTION_ENDPOINT}: {readonly EXECUTION_ENDPOINT?: string}): string[] =>
  EXECUTION_ENDPOINT === undefined ? ["EXECUTION_ENDPOINT is not set: the chain says which config is in effect"] : [];

/** Runs `dvt oracles save`: writes the config that the Keeper announced last, byte for byte, for ORACLES_CONFIG_FILE. */
export async function runOraclesSave(file: string, env: NodeJS.ProcessEnv): Promise<void> {
  const {ipfsHash, file: bytes, oracleSet} = await readLatest(parseEnv(OraclesSaveEnv, env, chainRules));
  const path = userPath(file, env);
  const before = await readFile(path).catch(() => undefined);
  const isSame = before?.equals(bytes) === true;
  if (!isSame) await writeFileAtomic(path, new TextDecoder().decode(bytes));
  const what = `the config ${ipfsHash}, oracles_config_hash ${oracleSet.configHash}`;
  terminal.out(isSame ? `${path} has ${what} already\n` : `${path}: ${what}\n`);
}

async function readLatest(config: Static<typeof OraclesSaveEnv>): Promise<LatestConfig> {
  // viem takes a third of a second to load.
  const {readLatestConfig} = await import("../../oracles/latestConfig.js");
  const progress = createProgress("Keeper blocks");
  const latest = await readLatestConfig({
    endpoints: config.EXECUTION_ENDPOINT ?? "",
    gateways: parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS),
    network: networks[config.NETWORK],
    keeper: config.KEEPER_CONTRACT,
    logger: createLogger({role: "oracles", level: "warn", format: "plain"}),
    signal: new AbortController().signal,
    onProgress: progress.show,
  });
  progress.end();
  return latest;
}

type Shown = {readonly source: string; readonly oracleSet: OracleSet};

function show({source, oracleSet: {configHash, threshold, publicKeys}}: Shown, json: boolean): void {
  const keys = publicKeys.map(toHex);
  const shown = {source, oracles_config_hash: configHash, exit_signature_recover_threshold: threshold, public_keys: keys};
  if (json) {
    terminal.out(`${JSON.stringify(shown, undefined, 2)}\n`);
    return;
  }
  const set = [
    ["source", source],
    ["oracles_config_hash", configHash],
    ["threshold", `${threshold} of ${keys.length}`],
  ];
  const oracles = keys.map((key, position) => [String(position + 1), shortened(key)]);
  terminal.out(`${toColumns(set)}\n${toColumns([["oracle", "public_key"], ...oracles], {right: [0]})}`);
}
