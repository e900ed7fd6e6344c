import type {TObject} from "typebox";

/** An option of a command: its flags as commander takes them, what it does, and how its text becomes a value. */
export type Option<T = unknown> = {
  readonly flags: string;
  readonly describe: string;
  readonly required?: true;
  readonly default?: T;
  /** `before` is the value of an earlier use of the option, or else the default. */
  parse?(text: string, before?: T): T;
};

/** What `dvt <name>` is. */
export type CommandDefinition<O = Record<string, unknown>> = {
  /** Its group and its own name, or that alone: "streams apply", "relayer". */
  readonly name: string;
  readonly describe: string;
  /** What it ends with, if that is more than success or an error. */
  readonly exitStatus?: string;
  /** What follows its name, as commander takes it: "<file>", "[public_keys...]". */
  readonly operands?: {readonly flags: string; readonly describe: string};
  /** One for each option that `run` takes, under the same name. */
  readonly options: {readonly [K in keyof O]-?: Option<Exclude<O[K], undefined>>};
  readonly env?: TObject;
  /** Command lines to copy, without `dvt` and the command's name. */
  readonly examples?: readonly string[];
  /** Imports what it needs when it is called: to import every library takes half a second. Resolves with the exit status if it is not 0. */
  run(options: O, env: NodeJS.ProcessEnv, operands: readonly string[]): Promise<void> | Promise<number>;
};

/** Checks that a command declares exactly the options that its `run` takes, which commander leaves untyped. */
export const defineCommand = <O>(command: CommandDefinition<O>): CommandDefinition =>
  Object.freeze(command) as unknown as CommandDefinition;
