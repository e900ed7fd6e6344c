import type {ConsumerConfig, ConsumerInfo, JetStreamManager, StreamConfig, StreamInfo} from "nats";
import {NatsError, type StorageType} from "nats";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";
import {getManager} from "./manager.js";
import {type ConsumerSpec, filtersOf, type StreamSpec} from "./topology.js";

/** One difference between what is declared and what the server has. `loses`: why stored messages would go with it. */
export type Change = {
  readonly action: "create" | "update" | "recreate" | "delete";
  readonly what: string;
  readonly differences: readonly string[];
  readonly loses?: string;
  readonly apply: (jsm: JetStreamManager) => Promise<unknown>;
};

export type Topology = {streams: readonly StreamSpec[]; consumers: readonly ConsumerSpec[]; network: string};

/** What would have to change on the server, streams before their consumers. Empty: everything is as declared. */
export async function planTopology(bus: Bus, {streams, consumers, network}: Topology): Promise<Change[]> {
  const jsm = await getManager(bus);
  const changes: Change[] = [];
  for (const spec of streams) {
    const info = await found(() => jsm.streams.info(spec.name, {subjects_filter: ">"}));
    const change = planStream(spec, info);
    if (change) changes.push(change);
    const declared = consumers.filter(({stream}) => stream === spec.name);
    const actual = info ? await jsm.consumers.list(spec.name).next() : [];
    for (const consumer of declared) {
      const existing = change?.action === "recreate" ? undefined : actual.find(({name}) => name === consumer.config.durable_name);
      const planned = planConsumer(consumer, existing);
      if (planned) changes.push(planned);
    }
    changes.push(...removed(spec, actual, declared, network));
  }
  return changes;
}

/** STREAMS_CHANGE_LOSES, before anything is changed, when a change would lose stored messages and `force` is not set. */
export async function applyTopology(bus: Bus, changes: readonly Change[], {force}: {force: boolean}): Promise<void> {
  const losing = changes.filter(({loses}) => loses !== undefined);
  if (losing.length > 0 && !force) {
    const reasons = losing.map(({what, loses}) => `${what}: ${loses}`).join("\n  ");
    throw new DvtError(
      "STREAMS_CHANGE_LOSES",
      `apply streams: nothing was changed; --force applies it and loses messages:\n  ${reasons}`,
    );
  }
  const jsm = await getManager(bus);
  for (const {apply, what} of changes) {
    await apply(jsm).catch((cause: Error) => {
      throw new DvtError("STREAMS_REFUSED", `apply ${what}: the server refused: ${cause.message}`, {cause});
    });
  }
}

async function found<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.code === 404) return undefined;
    throw error;
  }
}

function planStream(spec: StreamSpec, info: StreamInfo | undefined): Change | undefined {
  const what = `stream ${spec.name}`;
  if (!info) return {action: "create", what, differences: [], apply: (jsm) => jsm.streams.add(spec as Partial<StreamConfig>)};
  const differences = differencesOf(spec, info.config);
  if (differences.length === 0) return undefined;
  // Neither can be changed on a stream that exists.
  const recreate = spec.retention !== info.config.retention || (spec.storage as StorageType) !== info.config.storage;
  const loses = info.state.messages > 0 ? lossOf(spec, info, recreate) : undefined;
  return {
    action: recreate ? "recreate" : "update",
    what,
    differences,
    ...(loses && {loses}),
    apply: async (jsm) => {
      if (!recreate) return jsm.streams.update(spec.name, spec as Partial<StreamConfig>);
      await jsm.streams.delete(spec.name);
      return jsm.streams.add(spec as Partial<StreamConfig>);
    },
  };
}

function lossOf(spec: StreamSpec, {config, state}: StreamInfo, recreate: boolean): string | undefined {
  const lower = (wanted = 0, actual = 0): boolean => wanted > 0 && (actual <= 0 || wanted < actual);
  if (recreate) return `it has to be made anew, with ${state.messages} messages in it`;
  if (lower(spec.max_age, config.max_age)) return "messages older than the new max_age would go";
  const fullest = Math.max(0, ...Object.values(state.subjects ?? {}));
  if (lower(spec.max_msgs_per_subject, config.max_msgs_per_subject) && fullest > (spec.max_msgs_per_subject ?? 0)) {
    return `a subject holds ${fullest} messages, more than the new max_msgs_per_subject`;
  }
  const dropped = config.subjects.filter((subject) => !spec.subjects.includes(subject));
  return dropped.length > 0 ? `messages on ${dropped.join(", ")} would have no stream` : undefined;
}

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

/** The client sends what the server has with ours on top, and the server refuses one filter beside several. */
const withoutOtherFilter = (config: ConsumerSpec["config"]): Partial<ConsumerConfig> =>
  ({[config.filter_subjects ? "filter_subject" : "filter_subjects"]: undefined, ...config}) as Partial<ConsumerConfig>;

/** Consumers of this network whose participant is not listed any more. Those of other networks are not ours to touch. */
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

/** Of what is declared, only: the server fills in the rest. */
const differencesOf = (declared: Partial<StreamConfig> | Partial<ConsumerConfig>, actual: object): string[] =>
  Object.entries(declared).flatMap(([field, value]) => {
    const current = (actual as Record<string, unknown>)[field];
    const same = JSON.stringify(current) === JSON.stringify(value) || (current === undefined && (value === 0 || value === false));
    return same ? [] : [`${field}: ${readable(field, current)} -> ${readable(field, value)}`];
  });

/** NATS counts times in nanoseconds. */
const readable = (field: string, value: unknown): string =>
  typeof value === "number" && ["ack_wait", "max_age"].includes(field) ? `${value / 1e9} s` : JSON.stringify(value);
