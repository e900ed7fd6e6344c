import {DvtError, type ErrorCode} from "../../errors.js";
import {createLogger, type Logger} from "../../runtime/logger.js";
import {errorTodos, todoOf} from "../../status/todos.js";

/** What a check found, in sentences for whoever runs the role. */
export type Finding = {
  readonly state: "ok" | "not ok" | "not looked at";
  readonly says: string;
  readonly code?: ErrorCode;
  readonly todo?: string;
};

/** One thing that a role needs. `look` never rejects. */
export type Check = {readonly what: string; look(): Promise<Finding>};

/** Something is not as it should be, and no error code says so. */
export class Fault extends Error {
  readonly todo: string;

  constructor(says: string, todo: string) {
    super(says);
    this.todo = todo;
  }
}

/** Something that this check depends on is not ok. */
class NotLookedAt extends Error {}

/** Something that its own check reports on, and that other checks depend on. It is opened once, when the first of them looks. */
export type Part<T> = {
  readonly what: string;
  /** Rejects as it fails to open. */
  open(): Promise<T>;
  /** For the checks that depend on it. */
  need(): Promise<T>;
  /** What was logged as a warning while it was opened. */
  readonly warnings: readonly string[];
};

/** `open` gets a logger of its own: whatever it warns about is not ok. */
export function createPart<T>(what: string, open: (logger: Logger) => Promise<T>): Part<T> {
  const warnings: string[] = [];
  const write = (line: string): void => void warnings.push(toWarning(JSON.parse(line)));
  let opened: Promise<T> | undefined;
  const openOnce = (): Promise<T> => {
    opened ??= open(createLogger({role: "doctor", level: "warn", format: "json", write}));
    return opened;
  };
  return {
    what,
    warnings,
    open: openOnce,
    need: () =>
      openOnce().catch((error: Error) => {
        throw error instanceof NotLookedAt ? error : new NotLookedAt(`${what} is not ok`);
      }),
  };
}

type LogLine = {msg: string; error?: string; problem?: string; host?: string; hosts?: readonly string[]};

const toWarning = ({msg, error, problem, host, hosts = host === undefined ? [] : [host]}: LogLine): string =>
  [msg, ...(hosts.length > 0 ? [hosts.join(", ")] : []), ...[error ?? problem].filter((it) => it !== undefined)].join(": ");

/** A check that is ok unless `look` rejects; it resolves with the sentence. */
export const toCheck = (what: string, look: () => Promise<string>): Check => ({
  what,
  look: () => look().then((says) => ({state: "ok", says}), toFinding),
});

/** The check that reports on a part, and on what was warned about while it was opened: `asNotes`, the part is ok all the same. */
export const partCheck = <T>(
  part: Part<T>,
  describe: (value: T) => string | Promise<string>,
  {asNotes = false}: {asNotes?: boolean} = {},
): Check =>
  toCheck(part.what, async () => {
    const says = await describe(await part.open());
    const warned = part.warnings.join("; ");
    if (warned === "") return says;
    if (asNotes) return `${says}; but ${warned}`;
    throw new Fault(warned, "The role starts all the same. Correct it, unless it is meant.");
  });

function toFinding(error: Error): Finding {
  if (error instanceof NotLookedAt) return {state: "not looked at", says: error.message};
  if (error instanceof Fault) return {state: "not ok", says: error.message, todo: error.todo};
  if (error instanceof DvtError) {
    const {code, message} = error;
    return {state: "not ok", says: message, code, todo: todoOf(errorTodos, code)};
  }
  return {state: "not ok", says: `${error.name}: ${error.message}`, todo: todoOf(errorTodos, "INTERNAL")};
}
