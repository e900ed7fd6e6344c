import {patterns} from "../../../schemas/fields.js";
import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {createLogger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {connectStore} from "../../store/connect.js";
import {createHolders} from "../../store/holders.js";
import {ClustersMoveEnv} from "../env/administratorEnv.js";
import {terminal} from "../terminal.js";

type Choice = {readonly to: string; readonly from?: string};

/** Runs `dvt clusters move`: gives the named validators, or all of one cluster, to another cluster. */
export async function runClustersMove(keys: readonly string[], {to, from}: Choice, env: NodeJS.ProcessEnv): Promise<void> {
  const config = parseEnv(ClustersMoveEnv, env);
  const {clusters} = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const problem = findProblem(keys, {to, ...(from !== undefined && {from})}, new Set(clusters.map(({id}) => id)));
  if (problem !== undefined) throw new DvtError("USAGE", problem);
  const logger = createLogger({role: "admin", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const store = await connectStore(config.MONGODB_URL, logger);
  try {
    const holders = createHolders(store.db, networks[config.NETWORK], logger);
    const publicKeys = from === undefined ? keys.map((key) => key.toLowerCase()) : await holders.findOf(from);
    const before = await holders.move(publicKeys, to);
    for (const key of publicKeys) terminal.out(`${key}: ${before.get(key) ?? "nobody"} -> ${to}\n`);
    terminal.out(`${publicKeys.length} moved\n`);
  } finally {
    await store.close();
  }
}

/** What is wrong with the operands and options, if anything. */
export function findProblem(keys: readonly string[], {to, from}: Choice, ids: ReadonlySet<string>): string | undefined {
  if (!ids.has(to)) return `--to ${to}: participants.json has no such cluster; it has ${[...ids].join(", ")}`;
  if ((from !== undefined) === keys.length > 0)
    return "clusters move: give either the public keys, or with --from the cluster that has them";
  const wrong = keys.find((key) => !new RegExp(patterns.publicKey).test(key.toLowerCase()));
  return wrong === undefined ? undefined : `${wrong} is not a public key: expected 48 bytes in hex with 0x`;
}
