import type {StorageType, StreamConfig, StreamInfo} from "nats";
import {type Change, differencesOf} from "./change.js";
import type {StreamSpec} from "./topology.js";

/** The change that makes the stream match its declaration; undefined if it matches. */
export function planStream(spec: StreamSpec, info: StreamInfo | undefined): Change | undefined {
  const what = `stream ${spec.name}`;
  if (!info) return {action: "create", what, differences: [], apply: (jsm) => jsm.streams.add(spec as Partial<StreamConfig>)};
  const differences = differencesOf(spec, info.config);
  if (differences.length === 0) return undefined;
  // Neither retention nor storage of an existing stream can be changed.
  const recreate = spec.retention !== info.config.retention || (spec.storage as StorageType) !== info.config.storage;
  const loses = (info.state.messages > 0 ? lossOf(spec, info, recreate) : undefined) ?? fewerCopies(spec, info);
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

const fewerCopies = (
  {num_replicas: declared = 1}: StreamSpec,
  {config: {num_replicas: actual}}: StreamInfo,
): string | undefined => (declared < actual ? `fewer replicas, ${declared} instead of ${actual} (STREAM_REPLICAS)` : undefined);

function lossOf(spec: StreamSpec, {config, state}: StreamInfo, recreate: boolean): string | undefined {
  const lower = (declared = 0, actual = 0): boolean => declared > 0 && (actual <= 0 || declared < actual);
  if (recreate) return `it has to be recreated, and ${state.messages} messages in it would be lost`;
  if (lower(spec.max_age, config.max_age)) return "messages older than the new max_age would be deleted";
  const fullest = Math.max(0, ...Object.values(state.subjects ?? {}));
  if (lower(spec.max_msgs_per_subject, config.max_msgs_per_subject) && fullest > (spec.max_msgs_per_subject ?? 0)) {
    return `a subject holds ${fullest} messages, more than the new max_msgs_per_subject`;
  }
  const dropped = config.subjects.filter((subject) => !spec.subjects.includes(subject));
  return dropped.length > 0 ? `messages on ${dropped.join(", ")} would belong to no stream` : undefined;
}
