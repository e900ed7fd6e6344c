import {createHash} from "node:crypto";
import type {NetworkName} from "../../schemas/fields.js";
import type {SsvCluster} from "../participants/participants.js";
import {toHex} from "../runtime/hex.js";
import type {ClusterDefinition} from "./cluster.js";

/**
 * What identifies a definition (32 bytes in lower-case hex with 0x): the lock hash of an Obol cluster lock, otherwise a hash of the
 * validators, the threshold and the public key shares, in whatever order a file has them. docs/messages.md has the bytes.
 */
export function definitionHash({type, network, threshold, definitionId, validators}: ClusterDefinition): string {
  if (definitionId !== undefined) return definitionId;
  const hash = createHash("sha256").update(`dvt.v2.definition\n${type}\n${network}\n${threshold}\n`);
  for (const [key, {publicKeyShares}] of [...validators].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${key}\n`);
    for (const [index, share] of [...publicKeyShares].sort(([a], [b]) => a - b))
      hash.update(`${index} ${toHex(share.toBytes())}\n`);
  }
  return toHex(hash.digest());
}

/** The same of a cluster in SSV's contract: of the network, the operators and the owners, because its validators come and go. */
export function ssvDefinitionHash(network: NetworkName, {ssvOperatorIds, ssvOwners = []}: SsvCluster): string {
  const ids = [...ssvOperatorIds].sort((a, b) => a - b);
  const owners = ssvOwners.map((it) => it.toLowerCase()).sort();
  return toHex(
    createHash("sha256")
      .update(`dvt.v2.ssv_cluster\n${network}\n${ids.join(" ")}\n${owners.join(" ")}\n`)
      .digest(),
  );
}
