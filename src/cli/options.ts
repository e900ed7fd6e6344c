import {InvalidArgumentError} from "commander";
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

/** The option of every command that reads cluster definitions, with charon's name. */
export const noVerify: Option<boolean> = {
  flags: "--no-verify",
  describe: "accept cluster definitions without checking their hashes and signatures",
};
