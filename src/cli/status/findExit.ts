import {exitStates} from "../../../schemas/query.js";
import type {ExitStory} from "../../../schemas/status.js";
import {DvtError} from "../../errors.js";
import type {StatusReader} from "../../status/statusReader.js";
import {shortened} from "../columns.js";
import type {ExitName} from "./parseExitName.js";

const keyLength = "0x".length + 2 * 48;

/** The exit with this name; undefined if there is none. USAGE if several keys fit a shortened one. */
export async function findExit(
  reader: Pick<StatusReader, "exit" | "exits">,
  {prefix, end, validatorIndex}: ExitName,
): Promise<ExitStory | undefined> {
  const keys = prefix.length === keyLength ? [prefix] : await findKeys(reader, prefix, end);
  if (keys.length > 1) {
    throw new DvtError("USAGE", `exits show: several keys begin like this: ${keys.map(shortened).join(", ")}; give more of it`);
  }
  const [publicKey] = keys;
  if (publicKey === undefined) return undefined;
  return reader.exit({public_key: publicKey, ...(validatorIndex !== undefined && {validator_index: validatorIndex})});
}

async function findKeys(reader: Pick<StatusReader, "exits">, prefix: string, end: string): Promise<string[]> {
  const pages = await Promise.all(exitStates.map((state) => reader.exits({state, public_key: prefix})));
  const keys = pages.flatMap(({exits}) => exits.map(({public_key}) => public_key));
  return [...new Set(keys)].filter((key) => key.endsWith(end));
}
