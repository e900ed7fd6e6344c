import type {ConsumerConfig, JetStreamManager, StreamConfig} from "nats";

/** One difference between what is declared and what the server has. `loses`: why stored messages, or copies of them, would go with it. */
export type Change = {
  readonly action: "create" | "update" | "recreate" | "delete";
  readonly what: string;
  readonly differences: readonly string[];
  readonly loses?: string;
  readonly apply: (jsm: JetStreamManager) => Promise<unknown>;
};

/** Of what is declared, only: the server fills in the rest. */
export const differencesOf = (declared: Partial<StreamConfig> | Partial<ConsumerConfig>, actual: object): string[] =>
  Object.entries(declared).flatMap(([field, value]) => {
    const current = (actual as Record<string, unknown>)[field];
    const same = JSON.stringify(current) === JSON.stringify(value) || (current === undefined && (value === 0 || value === false));
    return same ? [] : [`${field}: ${readable(field, current)} -> ${readable(field, value)}`];
  });

/** NATS counts times in nanoseconds. */
const readable = (field: string, value: unknown): string =>
  typeof value === "number" && ["ack_wait", "max_age"].includes(field) ? `${value / 1e9} s` : JSON.stringify(value);
