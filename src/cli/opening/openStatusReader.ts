import type {Static} from "typebox";
import type {Bus} from "../../messaging/connect.js";
import {toIdentity} from "../../messaging/identity.js";
import {loadParticipants} from "../../participants/participants.js";
import {createLogger, type Logger} from "../../runtime/logger.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {askStatus} from "../../status/askStatus.js";
import type {StatusReader} from "../../status/statusReader.js";
import type {StatusEnv} from "../env/statusEnv.js";
import {connectAs} from "./connectAs.js";
import {findAsker} from "./findAsker.js";

/** A connection on which the relayer is asked. */
export type Asking = {readonly bus: Bus; readonly reader: StatusReader; readonly logger: Logger};

/** Connects as whoever the seed belongs to, to ask the relayer. */
export async function openStatusReader(config: Static<typeof StatusEnv>, env: NodeJS.ProcessEnv): Promise<Asking> {
  const logger = createLogger({role: "status", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  const seed = await readKeyFile(userPath(config.NATS_SEED_FILE, env), "the nkey seed", {allowExposed});
  const {nkey} = toIdentity("whoever asks", seed);
  const asker = findAsker(participants, nkey);
  const bus = await connectAs(asker, nkey, {participants, config, env, logger, waitFor: withoutWaiting});
  return {bus, reader: askStatus(bus), logger};
}
