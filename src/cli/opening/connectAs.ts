import {DvtError} from "../../errors.js";
import {type Bus, connectBus} from "../../messaging/connect.js";
import {toIdentity} from "../../messaging/identity.js";
import type {Participants} from "../../participants/participants.js";
import type {Logger} from "../../runtime/logger.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import type {WaitFor} from "../../runtime/waitFor.js";

/** The variables of a connection to NATS. */
export type BusConfig = {
  readonly NATS_URL: string;
  readonly NATS_SEED_FILE: string;
  readonly NATS_CA_FILE?: string | undefined;
  readonly NATS_SHARED_ACCOUNT: string;
  readonly ALLOW_EXPOSED_KEY_FILES: string;
};

type Options = {
  participants: Participants;
  config: BusConfig;
  env: NodeJS.ProcessEnv;
  logger: Logger;
  waitFor: WaitFor;
};

/** Connects with the seed in NATS_SEED_FILE; KEY_FILE_INVALID unless participants.json lists its nkey for this participant. */
export async function connectAs(
  participant: string,
  nkey: string | undefined,
  {participants, config, env, logger, waitFor}: Options,
): Promise<Bus> {
  const path = userPath(config.NATS_SEED_FILE, env);
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  const seed = await waitFor("the nkey seed", () => readKeyFile(path, "the nkey seed", {allowExposed}));
  const identity = toIdentity(participant, seed);
  if (identity.nkey !== nkey) {
    const listed = nkey === undefined ? "does not list this participant" : `lists ${nkey}`;
    throw new DvtError(
      "KEY_FILE_INVALID",
      `connect as ${participant}: ${path} is the seed of ${identity.nkey}, but participants.json ${listed}`,
    );
  }
  const sharedAccount = config.NATS_SHARED_ACCOUNT === "true";
  if (sharedAccount)
    logger.warn("NATS_SHARED_ACCOUNT is set: anyone with a login to this NATS server may read and remove messages");
  const caFile = config.NATS_CA_FILE === undefined ? undefined : userPath(config.NATS_CA_FILE, env);
  return waitFor("nats", () => connectBus({url: config.NATS_URL, identity, participants, caFile, sharedAccount, logger}));
}
