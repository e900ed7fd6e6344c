import {readFileSync} from "node:fs";
import {type Static, type TObject, type TString, Type} from "typebox";
import {Value} from "typebox/value";
import {networkNames} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import {asMeant, isFree, oddityOf} from "./asMeant.js";
import {durationPattern} from "./duration.js";
import {userPath} from "./userPath.js";

/** What a variable of the environment may carry beside its schema. */
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
  Type.String({pattern: "^(0|[1-9][0-9]{0,14})$", problem: "must be a whole number", ...options});
const envAddress = (options: EnvOptions): TString =>
  Type.String({pattern: "^0x[0-9a-fA-F]{40}$", problem: "must be an address of 20 bytes in hex with 0x", ...options});

export const envIntegers = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^ *(0|[1-9][0-9]{0,14})( *, *(0|[1-9][0-9]{0,14}))* *$",
    problem: "must be whole numbers, separated by commas",
    ...options,
  });

export const envAddresses = (options: EnvOptions): TString =>
  Type.String({
    pattern: "^0x[0-9a-fA-F]{40}(\\s*,\\s*0x[0-9a-fA-F]{40})*$",
    problem: "must be addresses of 0x and 40 hex digits, separated by commas",
    ...options,
  });

/** The variables that every role reads. */
export const commonEnv = {
  NETWORK: envChoice(networkNames, {description: "mainnet, hoodi or gnosis"}),
  LOG_LEVEL: envChoice(["trace", "debug", "info", "warn", "error"], {
    description: "trace, debug, info, warn or error",
    default: "info",
  }),
  LOG_FORMAT: envChoice(["plain", "json"], {description: "plain or json", default: "plain"}),
  NATS_URL: envString({
    description: "NATS server, or several separated by commas",
    default: "nats://127.0.0.1:4222",
    secret: true,
  }),
  ALLOW_EXPOSED_KEY_FILES: envChoice(["true", "false"], {
    description: "true: take key files that others than their owner can read",
    default: "false",
  }),
  NATS_SEED_FILE: envString({description: "the seed of this participant's nkey, made by `dvt keys new`"}),
  NATS_CA_FILE: Type.Optional(envString({description: "certificate of the authority that signed the NATS server's certificate"})),
  NATS_SHARED_ACCOUNT: envChoice(["true", "false"], {
    description: "true for a server without our accounts, for trying out: whoever is on it may read and remove messages",
    default: "false",
  }),
  PARTICIPANTS_FILE: envString({description: "participants.json: who takes part", default: "participants.json"}),
};

/** Two more, shared by the roles that keep or read what is stored. */
export const storeEnv = {
  MONGODB_URL: envString({
    description: "MongoDB, with the database as its path",
    default: "mongodb://127.0.0.1:27017/dvt",
    secret: true,
  }),
};
/** Of those that ask the execution chain. */
export const executionEndpointEnv = {
  EXECUTION_ENDPOINT: Type.Optional(
    envString({
      description:
        "URL of an execution node, or several separated by commas, to read the oracle set and SSV clusters from the chain",
      secret: true,
    }),
  ),
};
/** From a file, or else from the chain. */
export const oraclesEnv = {
  ORACLES_CONFIG_FILE: Type.Optional(
    envString({
      description:
        "StakeWise's oracles: their public keys and exit_signature_recover_threshold; unset: read from the chain, by EXECUTION_ENDPOINT",
    }),
  ),
  ORACLES_REFRESH: envDuration({description: "look this often whether the chain has another oracle set", default: "1m"}),
  ORACLES_CHECKPOINT_FILE: envString({
    description:
      "the oracle set that was read from the chain last; serves while the chain or IPFS is away; each role has its own",
    default: "oracles-checkpoint.json",
  }),
  IPFS_FETCH_ENDPOINTS: envString({
    description: "gateways of IPFS, separated by commas, asked one after the other; what they answer is verified",
    default: "https://ipfs.io,https://gateway.pinata.cloud,https://dweb.link",
    secret: true,
  }),
  KEEPER_CONTRACT: Type.Optional(envAddress({description: "address of StakeWise's Keeper, where it is not the network's own"})),
};
/** Of the roles, which wait at the start for what may come, and follow participants.json and the cluster definitions while they run. */
export const roleEnv = {
  START_PATIENCE: envDuration({
    description: "at the start, wait this long for each thing that is away and may come, then end with 75",
    default: "5m",
  }),
  RELOAD_EVERY: envDuration({
    description: "look this often whether participants.json or a cluster definition has changed; SIGHUP looks at once",
    default: "5s",
  }),
};
/** Of the roles that know clusters: where those are read that participants.json names by their SSV operators. */
export const executionEnv = {
  ...executionEndpointEnv,
  SSV_CHECKPOINT_FILE: envString({
    description: "what was read of the SSV contract, so that a restart goes on from there; each role has its own",
    default: "ssv-checkpoint.json",
  }),
  SSV_CONTRACT: Type.Optional(
    envAddress({description: "address of the SSV network contract, where it is not the network's own"}),
  ),
};
/** Of whoever needs the next validator index: EXECUTION_ENDPOINT serves where there is no CONSENSUS_ENDPOINT. */
export const registryEnv = {
  CONSENSUS_ENDPOINT: Type.Optional(
    envString({
      description:
        "URL of a beacon node, or several separated by commas, to know which validators have an index, and the next one",
      secret: true,
    }),
  ),
  REGISTRY_CHECKPOINT_FILE: envString({
    description:
      "what was read of the deposit contract, where there is no CONSENSUS_ENDPOINT, so that a restart goes on from there",
    default: "registry-checkpoint.jsonl",
  }),
};

type Env = Record<string, string | undefined>;

/**
 * Reads what the schema names, and of a secret NAME also NAME_FILE. Empty counts as unset; other variables are ignored. What
 * whoever handed it over left around a value is taken off.
 * CONFIG_INVALID reports every problem together and never a value. `rules` finds those between variables, of which some may be
 * wrong in themselves.
 */
export function parseEnv<T extends TObject>(
  schema: T,
  env: Env,
  rules: (values: Partial<Static<T>>) => readonly string[] = () => [],
): Readonly<Static<T>> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    const options = field as typeof field & Partial<EnvOptions> & {problem?: string};
    try {
      const value = readVariable(name, field, env) ?? options.default;
      if (value !== undefined) {
        values[name] = value;
        const oddity = oddityOf(field, value);
        const isFit = Value.Check(field, value);
        if (!isFit) problems.push(`${name} ${options.problem ?? "is not valid"}${oddity ? `; it has ${oddity}` : ""}`);
        else if (oddity && isFree(field)) problems.push(`${name} has ${oddity}`);
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
    // The path is not told: it may be the secret itself, put into the wrong variable.
    const oddity = oddityOf({}, file);
    const why = `${(error as NodeJS.ErrnoException).code}${oddity ? `; it has ${oddity}` : ""}`;
    throw new Error(`${name}_FILE names a file that cannot be read (${why})`);
  }
}
