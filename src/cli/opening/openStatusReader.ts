import type {Static} from "typebox";
import type {Bus} from "../../messaging/connect.js";
import {loadParticipants} from "../../participants/participants.js";
import {createLogger, type Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {askStatus} from "../../status/askStatus.js";
import type {StatusReader} from "../../status/statusReader.js";
import type {StatusEnv} from "../env/statusEnv.js";
import {askerOf} from "./askerOf.js";
import {connectAs} from "./connectAs.js";

/** A connection on which the relayer is asked. */
export type Asking = {readonly bus: Bus; readonly reader: StatusReader; readonly logger: Logger};

/** Connects as whoever the seed belongs to, to ask the relayer. */
export async function openStatusReader(config: Static<typeof StatusEnv>, env: NodeJS.ProcessEnv): Promise<Asking> {
  const logger = createLogger({role: "status", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const {participant, nkey} = await askerOf(participants, config, env);
  const bus = await connectAs(participant, nkey, {participants, config, env, logger, waitFor: withoutWaiting});
  return {bus, reader: askStatus(bus), logger};
}
