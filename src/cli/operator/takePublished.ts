import type {NetworkName} from "../../../schemas/fields.js";
import {DvtError} from "../../errors.js";
import type {Bus} from "../../messaging/connect.js";
import {loadParticipants, type Participants} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {readPublished} from "../../trust/readPublished.js";
import {openPublished} from "../opening/openPublished.js";

type Options = {
  readonly config: {readonly NETWORK: NetworkName; readonly PARTICIPANTS_FILE: string; readonly TRUST_FILE?: string | undefined};
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
};

/**
 * The participants that count, before anything is requested. With TRUST_FILE, PARTICIPANTS_FILE follows the administrator as in a role.
 * Without, a later version is only logged. TRUST_INVALID, FILE_MISSING, and the errors of reading PARTICIPANTS_FILE.
 */
export async function takePublished(bus: Bus, {config, env, logger}: Options): Promise<Participants> {
  const follow = await openPublished({config, env, logger, waitFor: withoutWaiting});
  if (!follow) {
    await warnIfOld(bus, config.NETWORK, logger);
    return bus.participants();
  }
  await follow([{bus}]);
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  bus.trust(participants);
  return participants;
}

async function warnIfOld(bus: Bus, network: NetworkName, logger: Logger): Promise<void> {
  const {admin, version: current = 0} = bus.participants();
  const published = await readPublished(bus, {network, adminNkey: admin.nkey}).catch((error: unknown) => {
    if (!(error instanceof DvtError)) throw error;
    logger.warn({code: error.code}, "participants.json cannot be read from the bus; a later version may be published");
    return undefined;
  });
  if (!published || published.version <= current) return;
  logger.warn(
    {version: published.version, current},
    "a later participants.json is published; copy it from the administrator, or set TRUST_FILE to follow it",
  );
}
