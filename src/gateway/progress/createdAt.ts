import {Type} from "typebox";

/** The fields in which StakeWise's relayer shows when an exit was asked for. */
export const createdAt = {
  created_at_timestamp: Type.Integer({minimum: 0, description: "seconds since 1970"}),
  created_at_string: Type.String({
    pattern: "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\+0000$",
    description: "%Y-%m-%d %H:%M:%S%z",
  }),
};

/** A time as StakeWise's relayer writes it: in whole seconds, and as Python's "%Y-%m-%d %H:%M:%S%z" in UTC. */
export const toCreatedAt = (ms: number): {created_at_timestamp: number; created_at_string: string} => ({
  created_at_timestamp: Math.floor(ms / 1000),
  created_at_string: new Date(ms)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, "+0000"),
});
