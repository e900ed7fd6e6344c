import {InvalidArgumentError} from "commander";
import {whyNotChecksum} from "../runtime/checksumAddress.js";
import {durationPattern, parseDurationMs} from "../runtime/duration.js";
import type {Option} from "./defineCommand.js";

/** For `parse`: an integer of `least` or more. */
export const integer =
  (least: number) =>
  (text: string): number => {
    if (!/^[0-9]{1,16}$/.test(text) || Number(text) < least || !Number.isSafeInteger(Number(text))) {
      throw new InvalidArgumentError(`Expected an integer of ${least} or more.`);
    }
    return Number(text);
  };

/** For `parse`: an integer of 1 or more for each use of the option. */
export const integers = (text: string, before: readonly number[] = []): number[] => [...before, integer(1)(text)];

/** For `parse`: a text for each use of the option. */
export const texts = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** For `parse`: one of these words. */
export const choice =
  <W extends string>(words: readonly W[]) =>
  (text: string): W => {
    const word = words.find((it) => it === text);
    if (word === undefined) throw new InvalidArgumentError(`Expected one of ${words.join(", ")}.`);
    return word;
  };

/** For `parse`: a duration such as 30s or 10m, in milliseconds. */
export const duration = (text: string): number => {
  if (!new RegExp(durationPattern).test(text))
    throw new InvalidArgumentError("Expected an integer with ms, s, m, h or d, such as 10m.");
  return parseDurationMs(text);
};

/** The option of every command that works on the centre's files. */
export const centreFolder: Option<string> = {
  flags: "--folder <folder>",
  describe: "the centre's folder, which `dvt init` has made (default: /etc/dvt)",
};

/** The option of the commands that work on a vault. */
export const vaultAddress: Option<string> = {
  flags: "--vault <address>",
  describe: "the vault",
  parse: (text) => {
    if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError("Expected an address: 0x and 40 hex digits.");
    const why = whyNotChecksum(text);
    if (why !== undefined) throw new InvalidArgumentError(`No vault has this address: ${why}.`);
    return text;
  },
  required: true,
};

/** The type of the validators that these commands register, or would. */
export const validatorType: Option<"0x01" | "0x02"> = {
  flags: "--type <type>",
  describe: "0x02 compounding, or 0x01",
  parse: choice(["0x01", "0x02"]),
  default: "0x02",
};

/** How long an invitation is valid, in milliseconds. */
export const expires: Option<number> = {
  flags: "--expires <duration>",
  describe: "how long the invitation is valid (default: 7d)",
  parse: duration,
};

/** The option of every command that reads cluster definitions, with charon's name. */
export const noVerify: Option<boolean> = {
  flags: "--no-verify",
  describe: "accept cluster definitions without checking their hashes and signatures",
};

/** The options of the commands that act for a vault. */
export const dryRun: Option<boolean> = {
  flags: "--dry-run",
  describe: "say what would be asked for, signed and sent, and do none of it",
};
export const yes: Option<boolean> = {flags: "--yes", describe: "do not ask on the terminal"};
