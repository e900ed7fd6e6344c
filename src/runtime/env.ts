import {readFileSync} from "node:fs";
import {type Static, type TObject, type TString, Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../errors.js";
import {asMeant, isFree, oddityOf} from "./asMeant.js";
import {whyNotChecksum} from "./checksumAddress.js";
import {durationPattern} from "./duration.js";
import {userPath} from "./userPath.js";

/** The description of a variable beside its schema; a secret may also come from a file, named by NAME_FILE. */
type EnvOptions = {description: string; default?: string; secret?: boolean};

export const envString = (options: EnvOptions): TString => Type.String({minLength: 1, ...options});
export const envDuration = (options: EnvOptions): TString =>
  Type.String({pattern: durationPattern, problem: 'must be a duration such as "30s", "10m" or "7d"', ...options});
export const envId = (options: EnvOptions): TString =>
  Type.String({pattern: "^[a-z0-9_-]{1,32}$", problem: "must be 1 to 32 of a-z, 0-9, _ and -", ...options});
export const envChoice = <const T extends string>(choices: readonly T[], options: EnvOptions) =>
  Type.Enum([...choices], {problem: `must be one of ${choices.join(", ")}`, ...options}) as unknown as ReturnType<
    typeof Type.Unsafe<T>
  >;
export const envInteger = (options: EnvOptions): TString =>
  Type.String({pattern: "^(0|[1-9][0-9]{0,14})$", problem: "must be an integer of 0 or more", ...options});
export const envPort = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^(0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])$",
    problem: "must be a port: an integer from 0 to 65535",
    ...options,
  });
export const envAddress = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^0x[0-9a-fA-F]{40}$",
    problem: "must be an address of 20 bytes in hex with 0x",
    whyNot: whyNotAddresses,
    ...options,
  });

export const envIntegers = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^ *(0|[1-9][0-9]{0,14})( *, *(0|[1-9][0-9]{0,14}))* *$",
    problem: "must be integers of 0 or more, separated by commas",
    ...options,
  });

export const envAddresses = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^0x[0-9a-fA-F]{40}(\\s*,\\s*0x[0-9a-fA-F]{40})*$",
    problem: "must be addresses of 0x and 40 hex digits, separated by commas",
    whyNot: whyNotAddresses,
    ...options,
  });

/** Why addresses that have the right form are refused; by their number if there are several. */
function whyNotAddresses(text: string): string | undefined {
  const addresses = text.split(",").map((it) => it.trim());
  const position = addresses.findIndex((it) => whyNotChecksum(it) !== undefined);
  if (position < 0) return undefined;
  const which = addresses.length === 1 ? "is an address" : `has an address, number ${position + 1},`;
  return `${which} that cannot be right: ${whyNotChecksum(addresses[position] as string)}`;
}

/** Beside the schema of a variable: what is wrong with a value that does not fit, and why one that fits is refused all the same. */
type FieldProblems = {readonly problem?: string; readonly whyNot?: (value: string) => string | undefined};

type Env = Record<string, string | undefined>;

/**
 * Reads the variables of a schema, and for a secret NAME also NAME_FILE. An empty variable counts as unset, other variables are
 * ignored, and quotes and blanks around a value are removed. CONFIG_INVALID lists every problem, and never a value. `rules` finds
 * problems between variables, which may be wrong or missing themselves.
 */
export function parseEnv<T extends TObject>(
  schema: T,
  env: Env,
  rules: (values: Partial<Static<T>>) => readonly string[] = () => [],
): Readonly<Static<T>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const options = field as typeof field & Partial<EnvOptions> & FieldProblems;
    try {
      const value = readVariable(name, field, env) ?? options.default;
      if (value !== undefined) {
        values[name] = value;
        const oddity = oddityOf(field, value);
        const isFit = Check(field, value);
        if (!isFit) problems.push(`${name} ${options.problem ?? "is not valid"}${oddity ? `; it has ${oddity}` : ""}`);
        else if (oddity && isFree(field)) problems.push(`${name} has ${oddity}`);
        const why = isFit ? options.whyNot?.(value) : undefined;
        if (why !== undefined) problems.push(`${name} ${why}`);
      }
      if (value === undefined && schema.required?.includes(name))
        problems.push(`${name} is not set: ${options.description ?? ""}`);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  problems.push(...rules(values as Partial<Static<T>>));
  if (problems.length > 0) throw new DvtError("CONFIG_INVALID", `read the environment:\n  ${problems.join("\n  ")}`);
  return Object.freeze(values) as Readonly<Static<T>>;
}

function readVariable(name: string, field: object & {secret?: boolean}, env: Env): string | undefined {
  const value = asMeant(field, env[name] ?? "") || undefined;
  const file = (field.secret === true && asMeant({}, env[`${name}_FILE`] ?? "")) || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`${name} and ${name}_FILE are both set: set one`);
  try {
    return asMeant(field, readFileSync(userPath(file, env), "utf8"));
  } catch (error) {
    // The path is not shown, because it may be the secret itself in the wrong variable.
    const oddity = oddityOf({}, file);
    const why = `${(error as NodeJS.ErrnoException).code}${oddity ? `; it has ${oddity}` : ""}`;
    throw new Error(`${name}_FILE names a file that cannot be read (${why})`);
  }
}
