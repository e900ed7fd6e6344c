import {join} from "node:path";
import {parseEnv as parseEnvFile} from "node:util";
import type {Static} from "typebox";
import {applyCentre, type CentrePlaces} from "../../centre/applyCentre.js";
import {openDefinitionFiles} from "../../clusters/openDefinitionFiles.js";
import {DvtError} from "../../errors.js";
import {toIdentity} from "../../messaging/identity.js";
import {reloadServers} from "../../messaging/reloadServers.js";
import {serverAdmin} from "../../messaging/systemAccount.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {parseEnv} from "../../runtime/env.js";
import {readText} from "../../runtime/files.js";
import {createLogger, type Logger} from "../../runtime/logger.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {CentreEnv} from "../env/centreEnv.js";
import {connectAs} from "../opening/connectAs.js";

/** The option of every command that works on the centre's folder. */
export type CentreOptions = {folder?: string};

/** The centre of a folder. */
export type OpenCentre = {
  readonly folder: string;
  readonly config: Readonly<Static<typeof CentreEnv>>;
  readonly places: CentrePlaces;
  readonly logger: Logger;
  /** Makes the bus what the files say; every command that changes them ends with it. */
  apply(): Promise<void>;
};

/** Opens the centre's folder: its admin/centre.env, which the environment overrides. FILE_MISSING, CONFIG_INVALID. */
export async function openCentre({folder = "/etc/dvt"}: CentreOptions, env: NodeJS.ProcessEnv): Promise<OpenCentre> {
  const root = userPath(folder, env);
  const settings = await readText(join(root, "admin", "centre.env"), "the centre's settings").catch((cause) => {
    if (!(cause instanceof DvtError)) throw cause;
    throw new DvtError(cause.code, `${cause.message}; \`dvt init\` makes it; name another folder with --folder`, {cause});
  });
  const merged = {...parseEnvFile(settings), ...env};
  const config = parseEnv(CentreEnv, merged);
  const logger = createLogger({role: "admin", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const at = (path: string): string => userPath(path, env);
  const caFile = config.NATS_CA_FILE === undefined ? undefined : at(config.NATS_CA_FILE);
  const places: CentrePlaces = {
    network: config.NETWORK,
    participantsFile: at(config.PARTICIPANTS_FILE),
    invitationsFile: at(config.INVITATIONS_FILE),
    natsConfigFile: at(config.NATS_CONFIG_FILE),
    natsAccountsFile: at(config.NATS_ACCOUNTS_FILE),
    natsServer: config.NATS_SERVER,
    copyCommand: config.NATS_COPY_COMMAND === undefined ? undefined : at(config.NATS_COPY_COMMAND),
    ackWaitMs: parseDurationMs(config.ACK_WAIT),
    replicas: config.STREAM_REPLICAS === undefined ? undefined : Number(config.STREAM_REPLICAS),
    async reload() {
      const seed = await readKeyFile(at(config.SERVER_ADMIN_SEED_FILE), "the server administrator's seed", {
        allowExposed: config.ALLOW_EXPOSED_KEY_FILES === "true",
      });
      return reloadServers({url: config.NATS_URL, identity: toIdentity(serverAdmin, seed), caFile});
    },
    readDefinition: openDefinitionFiles(config.NETWORK),
    connect: (participants) =>
      connectAs("admin", participants.admin.nkey, {participants, config, env: merged, logger, waitFor: withoutWaiting}),
  };
  return {folder: root, config, places, logger, apply: () => applyCentre(places)};
}
