import {type InspectedDefinition, inspectDefinition} from "../../clusters/inspectDefinition.js";
import {parseEnv} from "../../runtime/env.js";
import {toHex} from "../../runtime/hex.js";
import {userPath} from "../../runtime/userPath.js";
import {shortened, toColumns} from "../columns.js";
import {ClustersShowEnv} from "../env/administratorEnv.js";
import {tellUnverified} from "../tellUnverified.js";
import {terminal} from "../terminal.js";

/** Runs `dvt clusters show`. */
export async function runClustersShow(
  file: string,
  {json = false, verify}: {json?: boolean; verify: boolean},
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const {NETWORK} = parseEnv(ClustersShowEnv, env);
  const definition = await inspectDefinition(userPath(file, env), NETWORK, {verify, onUnverified: tellUnverified});
  terminal.out(json ? toJson(definition) : toTable(definition));
}

/** For programs; a cluster_id or network that the file does not name is null. */
export function toJson({type, network, definitionId, threshold, validators}: InspectedDefinition): string {
  const shown = [...validators.values()].map(({publicKeyHex, publicKeyShares}) => ({
    public_key: publicKeyHex,
    public_key_shares: Object.fromEntries([...publicKeyShares].map(([index, share]) => [index, toHex(share.toBytes())])),
  }));
  const cluster = {type, network: network ?? null, cluster_id: definitionId ?? null, threshold, validators: shown};
  return `${JSON.stringify(cluster, undefined, 2)}\n`;
}

/** For people: the cluster, then a line for each public key share. */
export function toTable({type, network = "-", definitionId = "-", threshold, validators}: InspectedDefinition): string {
  const [first] = validators.values();
  const cluster = [
    ["type", type],
    ["network", network],
    ["cluster_id", definitionId],
    ["threshold", `${threshold} of ${first?.publicKeyShares.size}`],
    ["validators", String(validators.size)],
  ];
  const shares = [...validators.values()].flatMap(({publicKeyHex, withdrawalAddress = "-", publicKeyShares}) =>
    [...publicKeyShares].map(([index, share]) => [
      shortened(publicKeyHex),
      withdrawalAddress,
      String(index),
      shortened(toHex(share.toBytes())),
    ]),
  );
  const headings = ["public_key", "withdrawal_address", "share_index", "public_key_share"];
  return `${toColumns(cluster)}\n${toColumns([headings, ...shares])}`;
}
