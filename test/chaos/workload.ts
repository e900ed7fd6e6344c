import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as delay} from "node:timers/promises";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {clockEnv} from "./member.js";
import type {Random} from "./random.js";
import {operatorIds, type World} from "./world.js";

/** An exit that somebody was told is complete: by operator, as the results file had it. */
export type Told = {
  readonly operatorId: string;
  readonly publicKey: string;
  readonly validatorIndex: number;
  readonly shards: string;
};

export type Workload = {
  /** What operators were told, and what they should not have been. */
  readonly told: readonly Told[];
  readonly findings: readonly string[];
  readonly requests: number;
  /** The index that each validator is asked for with in the end. */
  lastIndexOf(publicKey: string): number;
};

export type Shards = {public_keys: string[]; encrypted_exit_signatures: string[]};
type Entry = {public_key: string; validator_index: number; oracles_exit_signature_shares: Shards};

/** Whatever order its fields came in. */
export const toText = ({public_keys, encrypted_exit_signatures}: Shards): string =>
  JSON.stringify([public_keys, encrypted_exit_signatures]);

/** Validators get another index when somebody else deposits: so often within a run. */
const generations = 3;
const indexOf = (position: number, generation: number): number => 1000 * (generation + 1) + position;

const depositDataOf = (publicKeys: readonly string[]): string =>
  JSON.stringify(
    publicKeys.map((key) => ({
      pubkey: key.slice(2),
      withdrawal_credentials: `01${"00".repeat(11)}${"11".repeat(20)}`,
      amount: 32_000_000_000,
      signature: "00".repeat(96),
      deposit_message_root: "00".repeat(32),
      deposit_data_root: "00".repeat(32),
      fork_version: "10000910",
      network_name: "hoodi",
      deposit_cli_version: "2.7.0",
    })),
  );

type Ask = {
  operatorId: string;
  publicKeys: readonly string[];
  startIndex: number;
  timeout: number;
  name: string;
  clockOffsetMs?: number;
};

/** Runs `dvt operator request` and reads what it wrote. `killAfterMs`: it does not live to write it. */
export async function request(world: World, ask: Ask, killAfterMs?: number) {
  const depositData = join(world.folder, `${ask.name}.deposit_data.json`);
  const output = join(world.folder, `${ask.name}.results.json`);
  await writeFile(depositData, depositDataOf(ask.publicKeys));
  const args = ["--deposit-data", depositData, "--start-index", String(ask.startIndex), "--output", output];
  const child = startDvt(["operator", "request", ...args, "--timeout", String(ask.timeout)], {
    ...world.operatorEnv(ask.operatorId),
    ...clockEnv(ask.clockOffsetMs ?? 0),
  });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.process.kill("SIGKILL"), killAfterMs);
  const code = await child.ended;
  clearTimeout(timer);
  const entries = await readFile(output, "utf8").then(
    (text) => (JSON.parse(text) as {validators: Entry[]}).validators,
    (): Entry[] => [],
  );
  return {code, output, entries, printed: child.output()};
}

/** Operators who ask for slices of their validators again and again, at indexes that move, and are killed now and then. */
export async function runWorkload(
  world: World,
  {random, seconds, signal}: {random: Random; seconds: number; signal: AbortSignal},
): Promise<Workload> {
  const told: Told[] = [];
  const findings: string[] = [];
  const asked: {generation: number; endedAt: number}[] = [];
  const startedAt = performance.now();
  const generationNow = (): number =>
    Math.min(generations - 1, Math.floor(((performance.now() - startedAt) / (seconds * 1000)) * generations));
  const plans = operatorIds.map((operatorId) => ({
    operatorId,
    asks: Array.from({length: seconds * 2}, () => ({
      cluster: random.pick(world.clusters),
      from: random.between(0, 999),
      to: random.between(0, 999),
      timeout: random.between(5, 20),
      killAfterMs: random.oneIn(4) ? random.between(300, 4000) : undefined,
      clockOffsetMs: random.oneIn(6) ? random.pick([-300_000, 300_000]) : 0,
      restMs: random.between(0, 1000),
    })),
  }));

  const operate = async ({operatorId, asks}: (typeof plans)[number]): Promise<void> => {
    for (const [turn, ask] of asks.entries()) {
      if (performance.now() - startedAt > seconds * 1000 || signal.aborted) return;
      const {publicKeys} = ask.cluster;
      const [from, to] = [ask.from, ask.to].sort((a, b) => a - b).map((it) => Math.floor((it * publicKeys.length) / 1000)) as [
        number,
        number,
      ];
      const generation = generationNow();
      const slice = publicKeys.slice(from, to + 1);
      const position = world.clusters
        .slice(0, world.clusters.indexOf(ask.cluster))
        .reduce((sum, it) => sum + it.publicKeys.length, from);
      const askedAt = performance.now();
      const own = {generation, endedAt: Number.POSITIVE_INFINITY};
      asked.push(own);
      const {code, entries, printed} = await request(
        world,
        {
          operatorId,
          publicKeys: slice,
          startIndex: indexOf(position, generation),
          timeout: ask.timeout,
          name: `${operatorId}-${turn}`,
          clockOffsetMs: ask.clockOffsetMs,
        },
        ask.killAfterMs,
      );
      for (const entry of entries) {
        const shards = toText(entry.oracles_exit_signature_shares);
        told.push({operatorId, publicKey: entry.public_key, validatorIndex: entry.validator_index, shards});
      }
      own.endedAt = performance.now();
      // 2: somebody asked for another index at the same time. 75: not all came in time.
      const others = asked.some((it) => it.generation !== generation && it.endedAt >= askedAt);
      const superseded = code === 2 && others && !/ (?!EXIT_SUPERSEDED)[A-Z]+_[A-Z_]+: /.test(rejectionsIn(printed));
      // 78: it asked between the loss of all streams and `dvt streams apply`, and was told so.
      const withoutStreams = code === 78 && printed.includes("[STREAMS_MISSING]") && world.hadNoStreamsSince(askedAt);
      const killed = code === "SIGKILL" && ask.killAfterMs !== undefined;
      const expected = code === 0 || code === 75 || superseded || withoutStreams || killed;
      if (!expected) findings.push(`operator ${operatorId} asked and its command ended with ${code}:\n${printed}`);
      await delay(ask.restMs);
    }
  };
  await Promise.all(plans.map(operate));
  const all = world.clusters.flatMap(({publicKeys}) => publicKeys);
  return {told, findings, requests: asked.length, lastIndexOf: (publicKey) => indexOf(all.indexOf(publicKey), generations - 1)};
}

const rejectionsIn = (printed: string): string => printed.split("\nrejected:\n")[1]?.split("\nstill missing")[0] ?? "";
