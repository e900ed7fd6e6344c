import type {ConsumerConfig, ConsumerInfo, JetStreamManager, StreamInfo} from "nats";
import {DvtError} from "../errors.js";
import {isFinalApiError, isNotFound} from "./busError.js";
import {type Change, differencesOf} from "./change.js";
import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";
import {planStream} from "./planStream.js";
import {type ConsumerSpec, filtersOf, type StreamSpec} from "./topology.js";

/** The streams and consumers that the server is to have. */
export type Topology = {streams: readonly StreamSpec[]; consumers: readonly ConsumerSpec[]; network: string};

/** The changes that make the server match the topology, each stream before its consumers; empty if it matches. */
export async function planTopology(bus: Bus, {streams, consumers, network}: Topology): Promise<Change[]> {
  const jsm = await getManager(bus);
  const infos = new Map<string, StreamInfo>();
  for (const {name} of streams) {
    const info = await found(() => jsm.streams.info(name, {subjects_filter: ">"}));
    if (info) infos.set(name, info);
  }
  // A new stream has as many replicas as the others, unless the topology sets a number.
  const replicas = Math.max(1, ...[...infos.values()].map(({config}) => config.num_replicas));
  const changes: Change[] = [];
  for (const spec of streams) {
    const info = infos.get(spec.name);
    const change = planStream({num_replicas: info?.config.num_replicas ?? replicas, ...spec}, info);
    if (change) changes.push(change);
    const declared = consumers.filter(({stream}) => stream === spec.name);
    const actual = info ? await listConsumers(jsm, spec.name) : [];
    for (const consumer of declared) {
      const existing = change?.action === "recreate" ? undefined : actual.find(({name}) => name === consumer.config.durable_name);
      const planned = planConsumer(consumer, existing);
      if (planned) changes.push(planned);
    }
    changes.push(...removed(spec, actual, declared, network));
  }
  return changes;
}

/**
 * Applies the changes. STREAMS_CHANGE_LOSES, before anything is changed, if one would lose messages or replicas and `force` is not
 * set; STREAMS_REFUSED if the server rejects one; BUS_UNAVAILABLE if it does not answer.
 */
export async function applyTopology(bus: Bus, changes: readonly Change[], {force}: {force: boolean}): Promise<void> {
  const losing = changes.filter(({loses}) => loses !== undefined);
  if (losing.length > 0 && !force) {
    const reasons = losing.map(({what, loses}) => `${what}: ${loses}`).join("\n  ");
    throw new DvtError(
      "STREAMS_CHANGE_LOSES",
      `apply streams: nothing was changed; --force applies the changes anyway:\n  ${reasons}`,
    );
  }
  const jsm = await getManager(bus);
  for (const {apply, what} of changes) {
    await apply(jsm).catch((cause: Error) => {
      if (!isFinalApiError(cause)) throw unavailable(`apply ${what}`, cause);
      throw new DvtError("STREAMS_REFUSED", `apply ${what}: the server rejected it: ${cause.message}`, {cause});
    });
  }
}

async function found<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    if (isNotFound(cause)) return undefined;
    throw unavailable("read the streams", cause as Error);
  }
}

/** All consumers: the server answers in pages of 256. */
async function listConsumers(jsm: JetStreamManager, stream: string): Promise<ConsumerInfo[]> {
  const all: ConsumerInfo[] = [];
  try {
    for await (const consumer of jsm.consumers.list(stream)) all.push(consumer);
  } catch (cause) {
    throw unavailable(`read the consumers of ${stream}`, cause as Error);
  }
  return all;
}

const unavailable = (action: string, cause: Error): DvtError =>
  new DvtError("BUS_UNAVAILABLE", `${action}: ${cause.message}; run the command again`, {cause});

function planConsumer({stream, config}: ConsumerSpec, info: ConsumerInfo | undefined): Change | undefined {
  const what = `consumer ${config.durable_name} of ${stream}`;
  if (!info) return {action: "create", what, differences: [], apply: (jsm) => jsm.consumers.add(stream, config)};
  const differences = differencesOf(config, info.config);
  if (differences.length === 0) return undefined;
  return {
    action: "update",
    what,
    differences,
    apply: (jsm) => jsm.consumers.update(stream, config.durable_name, withoutOtherFilter(config)),
  };
}

/** The client merges our configuration into the server's, and the server rejects filter_subject beside filter_subjects. */
const withoutOtherFilter = (config: ConsumerSpec["config"]): Partial<ConsumerConfig> =>
  ({[config.filter_subjects ? "filter_subject" : "filter_subjects"]: undefined, ...config}) as Partial<ConsumerConfig>;

/** Deletes consumers of this network whose participant is no longer listed. Those of other networks are not ours to touch. */
function removed(
  {name: stream}: StreamSpec,
  actual: readonly ConsumerInfo[],
  declared: readonly ConsumerSpec[],
  network: string,
): Change[] {
  const names = declared.map(({config}) => config.durable_name);
  return actual
    .filter(({name, config}) => !names.includes(name) && filtersOf(config).some((filter) => filter.split(".")[3] === network))
    .map(({name}) => ({
      action: "delete" as const,
      what: `consumer ${name} of ${stream}`,
      differences: [],
      apply: (jsm: JetStreamManager) => jsm.consumers.delete(stream, name),
    }));
}
