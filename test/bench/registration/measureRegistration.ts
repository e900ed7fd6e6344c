import {subscribe, unsubscribe} from "node:diagnostics_channel";
import type {Hex} from "viem";
import type {CompletedExit, ExitsOutcome, RequestedExit} from "../../../src/client/outcome.js";
import {networks} from "../../../src/consensus/networks.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {readOraclesConfig} from "../../../src/oracles/oracleSet.js";
import type {Pending} from "../../../src/registration/pending.js";
import {register} from "../../../src/registration/register.js";
import type {Step} from "../../../src/registration/steps.js";
import {toHex} from "../../../src/runtime/hex.js";
import {createLogger} from "../../../src/runtime/logger.js";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import {type Anvil, startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {deployStakeWise, type StakeWise} from "../../../src/sandbox/chain/stakeWise.js";
import {keyOf} from "../../support/examples/deposits.js";
import {aValidator} from "../../support/examples/registration.js";
import {managerOf, openRegistrationParts} from "../../support/openRegistrationParts.js";
import {type Figure, toFigure} from "../figures.js";
import {startOracles} from "./startOracles.js";

export type RegistrationOptions = {
  /** How many validators are registered at once, one after the other of these. */
  readonly validators: readonly number[];
  readonly oracles: number;
  /** How many of them have to sign, and how many shards recover an exit. */
  readonly threshold: number;
  readonly waitMs: number;
  readonly rounds: number;
};
type Context = {readonly shutdown: Shutdown; readonly announce: (step: string) => void};

const network = networks.mainnet;
const ether = 10n ** 18n;
const ahead = 8;

/** From the deposit root to the transaction: nobody else may deposit meanwhile. */
type Window = {
  readonly approvedMs: number;
  readonly windowMs: number;
  /** Of this process, which is the one that registers. */
  readonly cpuMs: number;
  readonly requests: number;
  /** From planning to the end. */
  readonly allRequests: number;
  readonly gas: number;
};

/** What one registration takes if its exits are there: oracles and chain are processes of their own. */
export async function measureRegistration(options: RegistrationOptions, {shutdown, announce}: Context): Promise<Figure[]> {
  announce("starting a chain, StakeWise's contracts and oracles");
  const anvil = await startAnvil({chainId: network.chainId});
  shutdown.onStop(anvil.stop);
  const oracleKeys = Array.from({length: options.oracles}, generatePrivateKey);
  const stakeWise = await deployStakeWise(anvil, {
    oracleKeys,
    minOracles: options.threshold,
    manager: managerOf(network).address,
  });
  const {chainId, keeper} = stakeWise;
  const keys = oracleKeys.map((key) => toHex(key) as Hex);
  const urls = await startOracles({keys, chainId, keeper: keeper.address, waitMs: options.waitMs}, shutdown);
  const world = {anvil, stakeWise, oracleKeys, urls, options, shutdown};
  // What the first one compiles and opens is no part of a window.
  announce("registering once, which does not count");
  await registerOnce(world, 1);
  const figures: Figure[] = [];
  for (const validators of options.validators) {
    const windows: Window[] = [];
    for (let round = 1; round <= options.rounds; round++) {
      announce(`${validators} ${validators === 1 ? "validator" : "validators"}, round ${round} of ${options.rounds}`);
      windows.push(await registerOnce(world, validators));
    }
    figures.push(...toFigures(validators, windows));
  }
  return figures;
}

const toFigures = (validators: number, windows: readonly Window[]): Figure[] => {
  const of = (what: string, unit: string, read: (window: Window) => number): Figure =>
    toFigure(`${validators}: ${what}`, unit, windows.map(read));
  return [
    of("root to approvals", "ms", ({approvedMs}) => approvedMs),
    of("root to transaction", "ms", ({windowMs}) => windowMs),
    of("CPU in that time", "ms", ({cpuMs}) => cpuMs),
    of("requests to the node in that time", "", ({requests}) => requests),
    of("requests to the node, all in all", "", ({allRequests}) => allRequests),
    of("gas", "", ({gas}) => gas),
  ];
};

type World = {
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly oracleKeys: readonly Uint8Array[];
  readonly urls: readonly string[];
  readonly options: RegistrationOptions;
  readonly shutdown: Shutdown;
};

/** On the chain as it was deployed. */
async function registerOnce({anvil, stakeWise, oracleKeys, urls, options, shutdown}: World, validators: number): Promise<Window> {
  const snapshot = await anvil.rpc("evm_snapshot");
  const releases: (() => void | Promise<void>)[] = [];
  const requests = countRequests(anvil.url);
  try {
    await stakeWise.fund(BigInt(validators) * 32n * ether);
    const vault = stakeWise.vault.address.toLowerCase();
    const config = readOraclesConfig(
      {
        oracles: oracleKeys.map((key, position) => ({public_key: toHex(publicKeyOf(key)), endpoints: [urls[position]]})),
        exit_signature_recover_threshold: options.threshold,
        signature_validity_period: 600,
        validators_approval_batch_limit: validators,
        validators_exit_rotation_batch_limit: validators,
        force_withdrawals_period: 86_400,
      },
      "the benchmark's",
    );
    const seeds = Array.from({length: validators}, (_, position) => `v${position}`);
    const of = {network, vault, oracleKeys, threshold: options.threshold};
    const request = exitsOf(seeds, {...of, configHash: config.oracleSet.configHash});
    let window: Pick<Window, "approvedMs" | "windowMs" | "cpuMs" | "requests"> | undefined;
    let began = {cpu: process.cpuUsage(), requests: 0};
    let approvedMs = 0;
    let gas = 0;
    let journal: Pending = {};
    const tell = (step: Step): void => {
      if (step.step === "root read") began = {cpu: process.cpuUsage(), requests: requests.count()};
      if (step.step === "approved") approvedMs = step.ms;
      if (step.step === "included") gas = Number(step.gasUsed);
      if (step.step !== "sent" || step.windowMs === undefined) return;
      const {user, system} = process.cpuUsage(began.cpu);
      const {windowMs} = step;
      window = {approvedMs, windowMs, cpuMs: (user + system) / 1000, requests: requests.count() - began.requests};
    };
    const parts = await openRegistrationParts(
      {anvil, stakeWise},
      {
        network,
        config,
        rules: {
          vault,
          clusters: new Set(["c1"]),
          operations: new Map([["register", {maxAmount: 2_000_000_000_000}]]),
          allowFullExits: false,
        },
        publicKeys: seeds.map(keyOf),
        request,
        ahead,
        journal: {
          read: async () => journal,
          write: async (pending) => {
            journal = pending;
          },
        },
        tell,
        settings: {validatorType: "0x01", lookMs: 500},
        logger: createLogger({role: "bench", level: "warn", format: "plain"}),
        onStop: (release) => void releases.push(release),
      },
    );
    requests.restart();
    const outcome = await register(parts, {watch: false, signal: shutdown.signal});
    if (!("publicKeys" in outcome) || !window) throw new Error(`bench: nothing was registered: ${JSON.stringify(outcome)}`);
    return {...window, gas, allRequests: requests.count()};
  } finally {
    requests.stop();
    for (const release of releases.reverse()) await release();
    await anvil.rpc("evm_revert", snapshot);
  }
}

type ExitsOf = Parameters<typeof aValidator>[2] & {readonly configHash: string};

/** Exits at the first indexes, and ahead of them, made before anything is timed. */
function exitsOf(seeds: readonly string[], {configHash, ...of}: ExitsOf) {
  const made = new Map<string, CompletedExit>();
  const firstIndex = 0;
  const last = firstIndex + seeds.length + ahead;
  for (let index = firstIndex; index < last; index++) {
    const seed = seeds[(index - firstIndex) % seeds.length] as string;
    const {publicKey, depositSignature, publicKeyShards, exitShards, amount} = aValidator(seed, index, of);
    made.set(`${publicKey} ${index}`, {
      exit: {network, publicKey, validatorIndex: index},
      oraclesConfigHash: configHash,
      result: {public_keys: publicKeyShards, encrypted_exit_signatures: exitShards},
      deposit: {vault: of.vault, validator_type: "0x01", amount, signature: depositSignature},
    });
  }
  return async (exits: readonly Omit<RequestedExit, "network">[]): Promise<ExitsOutcome> => {
    const completed = exits.map(({publicKey, validatorIndex}) => {
      const found = made.get(`${publicKey} ${validatorIndex}`);
      if (!found) throw new Error(`bench: no exit at ${validatorIndex} was made`);
      return found;
    });
    return {completed, rejected: [], missing: []};
  };
}

/** Counts what this process asks of a server. */
function countRequests(url: string) {
  let count = 0;
  const onRequest = (message: unknown): void => {
    const {request} = message as {request: {origin?: string | URL}};
    if (String(request.origin).replace(/\/$/, "") === url) count += 1;
  };
  subscribe("undici:request:create", onRequest);
  return {
    count: () => count,
    restart: () => {
      count = 0;
    },
    stop: () => unsubscribe("undici:request:create", onRequest),
  };
}
