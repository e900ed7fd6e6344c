import type {TObject} from "typebox";

/** An option of a command: its flags in the syntax of commander, its description, and its parser. */
export type Option<T = unknown> = {
  readonly flags: string;
  readonly describe: string;
  readonly required?: true;
  readonly default?: T;
  /** `before` is the value of an earlier use of the option, or the default. */
  parse?(text: string, before?: T): T;
};

/** The command `dvt <name>`. */
export type CommandDefinition<O = Record<string, unknown>> = {
  /** Its group, if any, and its own name: "streams apply", "relayer". */
  readonly name: string;
  readonly describe: string;
  /** Describes exit statuses other than success and error. */
  readonly exitStatus?: string;
  /** The operands, in the syntax of commander: "<file>", "[public_keys...]". */
  readonly operands?: {readonly flags: string; readonly describe: string; readonly choices?: readonly string[]};
  /** One for each option of `run`, under the same name. */
  readonly options: {readonly [K in keyof O]-?: Option<Exclude<O[K], undefined>>};
  readonly env?: TObject;
  /** Arguments to copy, without `dvt` and the name of the command. */
  readonly examples?: readonly string[];
  /**
   * Imports what it needs only when called, because importing every library takes half a second; resolves with the exit status,
   * or nothing for 0.
   */
  run(options: O, env: NodeJS.ProcessEnv, operands: readonly string[], list: CommandList): Promise<void> | Promise<number>;
};

/** Every command, and the description of each group of them. */
export type CommandList = {
  readonly commands: readonly CommandDefinition[];
  readonly groups: Readonly<Record<string, string>>;
};

/** Checks by type that a command declares exactly the options of its `run`: commander leaves them untyped. */
export const defineCommand = <O>(command: CommandDefinition<O>): CommandDefinition =>
  Object.freeze(command) as unknown as CommandDefinition;
