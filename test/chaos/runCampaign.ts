import {setMaxListeners} from "node:events";
import {setTimeout as delay} from "node:timers/promises";
import {checkWorld} from "./checkWorld.js";
import {describe, type Planned, planFaults} from "./plan.js";
import {createRandom} from "./random.js";
import {runWorkload} from "./workload.js";
import {type Context, createWorld, type World, type WorldOptions} from "./world.js";

export type CampaignOptions = WorldOptions & {seed: number; seconds: number};

export type Campaign = {
  /** What does not hold: none, where all is well. */
  readonly findings: readonly string[];
  readonly faults: number;
  readonly requests: number;
  readonly told: number;
  /** How often roles asked their supervisor to start them again. */
  readonly restarts: number;
  /** What every process printed, by name. */
  readonly logs: ReadonlyMap<string, string>;
};

/** Real roles at work while things go wrong, as the seed has chosen; then everything heals, drains and is checked. */
export async function runCampaign(options: CampaignOptions, {shutdown, announce}: Context): Promise<Campaign> {
  const {seed, seconds, cluster} = options;
  announce(`seed ${seed}, ${seconds} s${cluster ? ", 3 NATS servers" : ""}`);
  const world = await createWorld(options, {shutdown, announce});
  await world.applyStreams();
  await Promise.all([...world.members.values()].map((member) => member.start()));
  const unfit = [...world.members.values()].flatMap((member) => member.findings);
  if (unfit.length > 0) throw new Error(`the system did not start:\n${unfit.join("\n")}`);
  const plan = planFaults(createRandom(seed), options);
  const startedAt = performance.now();
  announce(`${plan.length} faults are to come`);
  const strikes = strikeAll(world, plan, {startedAt, announce, signal: shutdown.signal});
  const workload = await runWorkload(world, {random: createRandom(seed + 1), seconds, signal: shutdown.signal});
  const struck = await strikes;
  announce("everything is healed; what is left has to drain");
  const findings = [...struck.findings, ...workload.findings, ...(await checkWorld(world, workload, announce))];
  const members = [...world.members.values()];
  return {
    findings,
    faults: struck.count,
    requests: workload.requests,
    told: workload.told.length,
    restarts: members.reduce((sum, member) => sum + member.restarts(), 0),
    logs: new Map([...members.map((member) => [member.name, member.output()] as const), ["nats-server", world.nats.output()]]),
  };
}

type Striking = {startedAt: number; announce: (step: string) => void; signal: AbortSignal};

async function strikeAll(world: World, plan: readonly Planned[], {startedAt, announce, signal}: Striking) {
  setMaxListeners(0, signal);
  const busy = new Set<string>();
  const findings: string[] = [];
  let count = 0;
  const at = (ms: number): Promise<void> => delay(Math.max(0, startedAt + ms - performance.now()), undefined, {signal});
  const strike = async (planned: Planned): Promise<void> => {
    const {atMs, lastsMs, fault, target} = planned;
    await at(atMs);
    const held = fault.holds?.(target) ?? [target];
    // What was struck before has taken longer to come back than planned.
    if (held.some((name) => busy.has(name))) return;
    for (const name of held) busy.add(name);
    announce(describe(planned));
    count++;
    try {
      const heal = await fault.strike(world, planned);
      await at(atMs + lastsMs);
      await heal();
    } catch (error) {
      if (!signal.aborted) findings.push(`${fault.name} of ${target} could not be done: ${(error as Error).message}`);
    } finally {
      for (const name of held) busy.delete(name);
    }
  };
  await Promise.all(plan.map(strike));
  return {findings, count};
}
