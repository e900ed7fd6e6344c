import {applyTopology, planTopology} from "../../messaging/applyTopology.js";
import type {Change} from "../../messaging/change.js";
import {consumerSpecs, streamSpecs} from "../../messaging/topology.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {createLogger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {createWaitFor, withoutWaiting} from "../../runtime/waitFor.js";
import {StreamsEnv} from "../env/administratorEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {terminal} from "../terminal.js";

/** `wait`: how long to wait for the server, in milliseconds. */
export type StreamsApplyOptions = {dryRun?: boolean; force?: boolean; wait?: number};

/** Runs `dvt streams apply`. */
export async function runStreamsApply(
  {dryRun = false, force = false, wait}: StreamsApplyOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const config = parseEnv(StreamsEnv, env);
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const logger = createLogger({role: "admin", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const waitFor =
    wait === undefined ? withoutWaiting : createWaitFor({patienceMs: wait, signal: new AbortController().signal, logger});
  const bus = await connectAs("admin", participants.admin.nkey, {participants, config, env, logger, waitFor});
  try {
    const topology = {
      streams: streamSpecs(config.STREAM_REPLICAS === undefined ? undefined : Number(config.STREAM_REPLICAS)),
      consumers: consumerSpecs(participants, parseDurationMs(config.ACK_WAIT)),
      network: config.NETWORK,
    };
    // A cluster that has just started may have no leader yet.
    const changes = await waitFor("the streams", async () => {
      const planned = await planTopology(bus, topology);
      if (!dryRun) await applyTopology(bus, planned, {force});
      return planned;
    });
    terminal.out(changes.map(toLines).join(""));
    const done = changes.length === 0 ? "everything is as declared" : `${changes.length} ${dryRun ? "to apply" : "applied"}`;
    terminal.out(`${done}\n`);
  } finally {
    await bus.close();
  }
}

const toLines = ({action, what, differences, loses}: Change): string =>
  [`${action} ${what}`, ...differences.map((it) => `    ${it}`), ...(loses ? [`    needs --force: ${loses}`] : [])]
    .join("\n")
    .concat("\n");
