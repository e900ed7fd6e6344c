import {makeOracleKeys, type PlayedOracle, type PlayedOracles} from "../../sandbox/chain/oracles.js";
import type {PlayedOutside} from "./playOutside.js";

/**
 * Replaces one oracle by another, on the Keeper and in the config that it announces. Those of before answer no more. Returns the oracles in
 * force, for whom the exits of these keys are outdated: they were split for others.
 */
export async function changeOracles(
  {oracles, playOracles, stakeWise, ipfs, vault}: PlayedOutside,
  publicKeys: readonly string[],
): Promise<PlayedOracles> {
  const staying = oracles.all.slice(1).map(({privateKey}) => privateKey);
  const next = await playOracles([...staying, ...makeOracleKeys(1)]);
  const validators = await next.rules.validators();
  next.outdate(
    vault,
    publicKeys.map((key) => validators.indexOf(key)),
  );
  const [leaving, coming] = [oracles.all[0], next.all.at(-1)] as [PlayedOracle, PlayedOracle];
  const config = await ipfs.add(JSON.stringify(next.config));
  await stakeWise.replaceOracle({leaving: leaving.address, coming: coming.address, config});
  await oracles.stop();
  return next;
}
