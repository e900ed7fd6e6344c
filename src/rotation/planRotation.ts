import {readWithdrawalCredentials} from "../consensus/deposit.js";
import type {RotationParts} from "./rotationParts.js";
import type {PlannedRotation, RotationObstacle} from "./steps.js";

/**
 * Finds out which exits of the vault the oracles in force cannot use. EXECUTION_UNAVAILABLE, CONSENSUS_UNAVAILABLE, VAULT_INVALID,
 * ORACLES_CONFIG_INVALID.
 */
export async function planRotation(
  {vaultChain, oracles, approvalsOf, beacon, candidates}: Omit<RotationParts, "wallet" | "request">,
  signal: AbortSignal,
): Promise<PlannedRotation | RotationObstacle> {
  const {vault} = vaultChain;
  const config = oracles.protocolConfig();
  // The Keeper has rotated no exits of an address that is no vault, and the oracles know none of it: both would be said of a vault, too.
  const [view, sinceBlock] = await Promise.all([vaultChain.readRotation(), vaultChain.findRotation(), vaultChain.readVersion()]);
  const {validatorsMinOracles: minOracles} = view;
  const found = await approvalsOf(config).findOutdated(vault, {minOracles, sinceBlock, signal});
  if (found.outcome === "lacking") return {why: "outdated unknown", lacking: found};
  const {indexes, disputed} = found;
  const known = indexes.length === 0 ? [] : await beacon.findValidators(indexes);
  const own = new Set(candidates());
  // An oracle's word alone asks for no exit: the validator has to be of our definitions, and by the chain the vault's.
  const ours = known.filter(
    ({publicKey, withdrawalCredentials}) =>
      own.has(publicKey) && readWithdrawalCredentials(withdrawalCredentials)?.address === vault,
  );
  const validators = ours.map(({publicKey, index}) => ({publicKey, validatorIndex: index}));
  const others = indexes.filter((index) => !ours.some((it) => it.index === index));
  if (validators.length === 0 && others.length > 0) return {why: "not ours", indexes: others};
  return {view, config, validators, others, disputed};
}
