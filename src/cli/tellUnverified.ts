import {terminal} from "./terminal.js";

/** For those who gave --no-verify: says loudly what is wrong with the definition that is used all the same. */
export const tellUnverified = (problem: string): void => terminal.err(`dvt: NOT VERIFIED, --no-verify was given: ${problem}\n`);
