import type {Logger} from "../runtime/logger.js";
import type {StatusReader} from "../status/statusReader.js";
import type {Token} from "../web/tokens.js";
import type {Watch} from "./createWatch.js";

/** What the console's process opens for it. */
export type ConsoleParts = {
  readonly reader: StatusReader;
  /** The tokens of viewers, by name. Undefined: whoever reaches the server is served. */
  readonly tokens: readonly Token<string>[] | undefined;
  readonly logger: Logger;
  /** Aborted when the console is to end. */
  readonly stopping: AbortSignal;
};

/** What the routes work with. */
export type Console = ConsoleParts & {readonly watch: Watch};
