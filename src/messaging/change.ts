import type {ConsumerConfig, JetStreamManager, StreamConfig} from "nats";

/** A change of one stream or consumer, named by `what`. `loses`: the stored messages or replicas that it would lose. */
export type Change = {
  readonly action: "create" | "update" | "recreate" | "delete";
  readonly what: string;
  readonly differences: readonly string[];
  readonly loses?: string;
  readonly apply: (jsm: JetStreamManager) => Promise<unknown>;
};

/** The declared fields whose values differ on the server; fields that are not declared are the server's. */
export const differencesOf = (declared: Partial<StreamConfig> | Partial<ConsumerConfig>, actual: object): string[] =>
  Object.entries(declared).flatMap(([field, value]) => {
    const current = (actual as Record<string, unknown>)[field];
    const same = JSON.stringify(current) === JSON.stringify(value) || (current === undefined && (value === 0 || value === false));
    return same ? [] : [`${field}: ${readable(field, current)} -> ${readable(field, value)}`];
  });

/** NATS has durations in nanoseconds. */
const readable = (field: string, value: unknown): string =>
  typeof value === "number" && ["ack_wait", "max_age"].includes(field) ? `${value / 1e9} s` : JSON.stringify(value);
