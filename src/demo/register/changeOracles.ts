import {makeOracleKeys, type PlayedOracles} from "../../sandbox/chain/oracles.js";
import type {PlayedOutside} from "./playOutside.js";

/**
 * Replaces one oracle by another, on the Keeper and in the config that it announces. Those of before answer no more. Returns the oracles in
 * force, for whom the exits of these keys are outdated: they were split for others.
 */
export async function changeOracles(
  {oracles, playOracles, stakeWise, ipfs, vault}: PlayedOutside,
  publicKeys: readonly string[],
): Promise<PlayedOracles> {
  const [leaving, ...staying] = oracles.all;
  const [coming] = makeOracleKeys(1) as [Uint8Array];
  const next = await playOracles([...staying.map(({privateKey}) => privateKey), coming]);
  const validators = await next.rules.validators();
  next.outdate(
    vault,
    publicKeys.map((key) => validators.indexOf(key)),
  );
  const config = await ipfs.add(JSON.stringify(next.config));
  const {keeper} = stakeWise;
  // In one block, if it comes to that: a block comes each second.
  await Promise.all([
    keeper.send("addOracle", [next.all.at(-1)?.address]),
    keeper.send("removeOracle", [leaving?.address]),
    keeper.send("updateConfig", [config]),
  ]);
  await oracles.stop();
  return next;
}
