import {askHealth, type HealthQuestion} from "../../health/askHealth.js";
import {terminal} from "../terminal.js";

/** Asks, prints the answer or why there is none, and resolves with the exit status: 0 or 1. */
export async function reportHealth(question: HealthQuestion): Promise<number> {
  const {isGood, text} = await askHealth(question);
  if (isGood) terminal.out(`${text}\n`);
  else terminal.err(`${text}\n`);
  return isGood ? 0 : 1;
}
