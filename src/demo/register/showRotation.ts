import {askOutdated} from "./askOutdated.js";
import {changeOracles} from "./changeOracles.js";
import {checkShards} from "./checkShards.js";
import {readVault} from "./readVault.js";
import type {Stage} from "./stage.js";

/** Changes the oracles, and renews the exits of these validators for those in force. DEMO_FAILED. */
export async function showRotation({outside, roles, announce, runOperator}: Stage, publicKeys: readonly string[]): Promise<void> {
  const {vault, threshold} = outside;
  announce("the oracles change: one leaves, and another comes, for whom there are no shards");
  const oracles = await changeOracles(outside, publicKeys);
  await Promise.all([roles.relayer, roles.aggregator].map((role) => role.line(/the oracle set has changed/)));
  const outdated = await askOutdated(oracles, vault);
  announce(`relayer and aggregator follow the Keeper; the oracles say whose exits are outdated: indexes ${outdated.join(", ")}`);
  await runOperator("operator", "rotate", "--vault", vault, "--yes");
  const {shards} = await readVault(outside);
  await checkShards({...outside, oracles}, shards, {event: "ExitSignaturesUpdated", publicKeys});
  oracles.outdate(vault, []);
  announce(
    `the chain shows the rotation: each oracle in force opened its new shards, and ${threshold} of them recover each exit`,
  );
}
