import {onTestFinished} from "vitest";
import {type PlayedOracles, startOracles} from "../../src/sandbox/chain/oracles.js";

/** Plays StakeWise's oracles until the test ends. */
export async function startTestOracles(options: Parameters<typeof startOracles>[0]): Promise<PlayedOracles> {
  const oracles = await startOracles(options);
  onTestFinished(oracles.stop);
  return oracles;
}
