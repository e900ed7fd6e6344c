import type {NetworkName} from "../../schemas/fields.js";
import type {DefinitionOptions} from "../clusters/cluster.js";
import {createFileReader} from "../clusters/fileReader.js";
import {type LiveClusters, openClusters} from "../clusters/liveClusters.js";
import type {FindHeld} from "../clusters/readWanted.js";
import type {Bus} from "../messaging/connect.js";
import {followParticipants, type LiveParticipants} from "../participants/liveParticipants.js";
import type {Participants} from "../participants/participants.js";
import {parseDurationMs} from "../runtime/duration.js";
import {every} from "../runtime/every.js";
import type {Logger} from "../runtime/logger.js";
import {oneAtATime} from "../runtime/oneAtATime.js";
import type {Shutdown} from "../runtime/shutdown.js";
import {userPath} from "../runtime/userPath.js";

type FilesConfig = {readonly NETWORK: NetworkName; readonly PARTICIPANTS_FILE: string; readonly RELOAD_EVERY: string};

export type FilesOptions = {
  readonly config: FilesConfig;
  readonly env: NodeJS.ProcessEnv;
  /** false: definitions are taken without asking for their hashes and signatures. */
  readonly verify: boolean;
  readonly logger: Logger;
  readonly shutdown: Shutdown;
};

/** What a role does with the files while it runs. */
export type Following = {
  readonly bus: Bus;
  readonly findHeld: FindHeld;
  /** This role's own nkey in participants.json. */
  readonly ownNkey: (participants: Participants) => string | undefined;
  readonly onParticipants?: (participants: Participants) => void;
};

/** participants.json and the cluster definitions that it names, as they are now. */
export type LiveFiles = {
  readonly participants: LiveParticipants;
  readonly clusters: LiveClusters;
  /**
   * From now on takes what changes: looks every RELOAD_EVERY, at SIGHUP, and when somebody calls what it returns, which resolves
   * when it has looked since, and never rejects.
   */
  follow(following: Following): () => Promise<void>;
};

/** Whoever sends many messages of somebody unknown does not have the files looked at more often. */
const leastGapMs = 250;

export async function openFiles({config, env, verify, logger, shutdown}: FilesOptions): Promise<LiveFiles> {
  const network = config.NETWORK;
  if (!verify) logger.warn("--no-verify: cluster definitions are taken without their hashes and signatures");
  const optionsOf = (clusterId: string): DefinitionOptions => ({
    verify,
    onUnverified: (problem) => logger.warn({cluster_id: clusterId, problem}, "cluster definition taken unverified"),
  });
  const participants = await followParticipants(userPath(config.PARTICIPANTS_FILE, env), network, logger);
  const clusters = await openClusters(participants.current().clusters, {
    read: ({id, definition}) => createFileReader(definition, network, optionsOf(id)),
    logger,
  });
  shutdown.onStop(clusters.stop);

  return {
    participants,
    clusters,
    follow(following) {
      const lookOnce = createLook({participants, clusters}, following, logger);
      const look = oneAtATime(async () => {
        try {
          await lookOnce();
        } catch (error) {
          const {message, stack} = error as Error;
          logger.error({error: message, stack}, "files not taken, they will be looked at again");
        }
      }, leastGapMs);
      const onHangup = (): void => {
        void look().then(() => logger.info("looked at the files, as SIGHUP asks"));
      };
      process.on("SIGHUP", onHangup);
      const periodic = every(parseDurationMs(config.RELOAD_EVERY), "look at the files", look, logger);
      shutdown.onStop(async () => {
        process.off("SIGHUP", onHangup);
        await periodic.stop();
      });
      return look;
    },
  };
}

/** Looks once; who speaks for a new cluster is believed after the cluster is known. */
function createLook(
  {participants, clusters}: Pick<LiveFiles, "participants" | "clusters">,
  {bus, findHeld, ownNkey, onParticipants}: Following,
  logger: Logger,
): () => Promise<void> {
  let believed = participants.current();
  return async () => {
    await participants.look();
    const now = participants.current();
    await clusters.update(now.clusters, findHeld);
    if (now === believed) return;
    bus.believe(now);
    believed = now;
    onParticipants?.(now);
    if (ownNkey(now) === bus.identity.nkey) return;
    logger.warn("participants.json has another nkey for this process: restart it with the seed of that one");
  };
}
