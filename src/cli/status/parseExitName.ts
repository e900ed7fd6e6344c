import {DvtError} from "../../errors.js";

/** An exit as somebody names it: the beginning of its key, and the end if it was shortened; an index if it matters. */
export type ExitName = {readonly prefix: string; readonly end: string; readonly validatorIndex: number | undefined};

const pattern = /^(?:(?:mainnet|hoodi|gnosis):)?(0x[0-9a-f]{1,96})(?:(?:\.\.|…)([0-9a-f]{1,96}))?(?::([0-9]{1,15}))?$/;

/** Reads `KEY[:INDEX]`, with the network before it or the key shortened, as commands print it. USAGE if it is something else. */
export function parseExitName(text: string): ExitName {
  const [, prefix, end = "", index] = pattern.exec(text.trim().toLowerCase()) ?? [];
  if (prefix === undefined) {
    throw new DvtError(
      "USAGE",
      `exits show: ${text} names no exit; expected a public key in hex with 0x, and an index: 0x…:1000`,
    );
  }
  return {prefix, end, validatorIndex: index === undefined ? undefined : Number(index)};
}
