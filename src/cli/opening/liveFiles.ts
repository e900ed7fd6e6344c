import type {NetworkName} from "../../../schemas/fields.js";
import type {DefinitionOptions} from "../../clusters/cluster.js";
import type {DefinitionReader} from "../../clusters/live/definitionReader.js";
import {createFileReader} from "../../clusters/live/fileReader.js";
import {type LiveClusters, openClusters} from "../../clusters/live/liveClusters.js";
import type {FindHeld} from "../../clusters/live/readWanted.js";
import {createSourceReader} from "../../clusters/live/sourceReader.js";
import {openSsvChain, type SsvChainConfig} from "../../clusters/ssv/chain/openSsvChain.js";
import type {SsvChain} from "../../clusters/ssv/chain/ssvChain.js";
import {networks} from "../../consensus/networks.js";
import type {Bus} from "../../messaging/connect.js";
import {followParticipants} from "../../participants/liveParticipants.js";
import type {ClusterEntry, Participants, SsvCluster} from "../../participants/participants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {every} from "../../runtime/every.js";
import type {Logger} from "../../runtime/logger.js";
import {oneAtATime} from "../../runtime/oneAtATime.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {Starting} from "../roleProcess.js";

type FilesConfig = SsvChainConfig & {
  readonly NETWORK: NetworkName;
  readonly PARTICIPANTS_FILE: string;
  readonly RELOAD_EVERY: string;
};

export type FilesOptions = Starting & {
  readonly config: FilesConfig;
  readonly env: NodeJS.ProcessEnv;
  /** false: definitions are taken without asking for their hashes and signatures. */
  readonly verify: boolean;
  /** The clusters that this role works for, where not all; what it throws refuses participants.json. */
  readonly entriesOf?: (participants: Participants) => readonly ClusterEntry[];
};

/** What a role does with the files while it runs. */
export type Following = {
  readonly findHeld: FindHeld;
  readonly onParticipants?: (participants: Participants) => void;
  /** After the clusters were updated, and before those who speak for new ones are believed. */
  readonly onClusters?: () => Promise<void>;
};

type NkeyIn = (participants: Participants) => string | undefined;

/** participants.json and the cluster definitions that it names, as they are now. */
export type LiveFiles = {
  participants(): Participants;
  readonly clusters: LiveClusters;
  /** Whom this connection believes follows participants.json; `nkeyIn` is what it is known by there itself. */
  attach(bus: Bus, nkeyIn: NkeyIn): void;
  /** From now on takes what changes: looks every RELOAD_EVERY, at SIGHUP, and when asked to. */
  follow(following: Following): void;
  /** Resolves when the files were looked at once since; never rejects. */
  reload(): Promise<void>;
};

/** Whoever sends many messages of somebody unknown does not have the files looked at more often. */
const leastGapMs = 250;

export async function openFiles(options: FilesOptions): Promise<LiveFiles> {
  const {config, env, verify, logger, shutdown, waitFor, entriesOf = ({clusters}) => clusters} = options;
  if (!verify) logger.warn("--no-verify: cluster definitions are taken without their hashes and signatures");
  const path = userPath(config.PARTICIPANTS_FILE, env);
  const participants = await waitFor("the participants file", () =>
    followParticipants(path, config.NETWORK, {accept: entriesOf, logger}),
  );
  let following: Following | undefined;
  // Called from the first cluster that is opened on: it looks at nothing before somebody follows.
  const reload = oneAtATime(async () => {
    if (!following) return;
    await lookOnce(following).catch(({message, stack}: Error) =>
      logger.error({error: message, stack}, "files not taken, they will be looked at again"),
    );
  }, leastGapMs);

  const onProgress = createProgress("SSV blocks").show;
  const ssvChain = openSsvChain({config, env, network: networks[config.NETWORK], logger, onProgress});
  shutdown.onStop(ssvChain.stop);
  const read = (entry: ClusterEntry): DefinitionReader =>
    typeof entry.definition === "string"
      ? toFileReader(entry.id, entry.definition, options)
      : followOnChain(ssvChain, entry.definition, () => void reload());
  const clusters = await waitFor("every cluster definition", async () => {
    await participants.look();
    return openClusters(entriesOf(participants.current()), {read, logger});
  });
  shutdown.onStop(clusters.stop);
  const {attach, believe} = createBelievers(participants.current(), logger);

  const lookOnce = async ({findHeld, onParticipants, onClusters}: Following): Promise<void> => {
    await participants.look();
    const now = participants.current();
    await clusters.update(entriesOf(now), findHeld);
    await onClusters?.();
    if (believe(now)) onParticipants?.(now);
  };
  return {
    participants: participants.current,
    clusters,
    attach,
    follow(wanted) {
      following = wanted;
      const onHangup = (): void => {
        void reload().then(() => logger.info("looked at the files, as SIGHUP asks"));
      };
      process.on("SIGHUP", onHangup);
      const periodic = every(parseDurationMs(config.RELOAD_EVERY), "look at the files", reload, logger);
      shutdown.onStop(async () => {
        process.off("SIGHUP", onHangup);
        await periodic.stop();
      });
    },
    reload,
  };
}

/** Connections, whom they believe: all of them the same participants, at any time. */
function createBelievers(atFirst: Participants, logger: Logger) {
  const attached: {bus: Bus; nkeyIn: NkeyIn}[] = [];
  let believed = atFirst;
  return {
    attach(bus: Bus, nkeyIn: NkeyIn): void {
      attached.push({bus, nkeyIn});
      bus.trust(believed);
    },
    /** Whether they are others than before. */
    believe(now: Participants): boolean {
      if (now === believed) return false;
      believed = now;
      for (const {bus, nkeyIn} of attached) {
        bus.trust(now);
        const {participant, nkey} = bus.identity;
        if (nkeyIn(now) === nkey) continue;
        logger.warn({participant}, "participants.json has another nkey for this process: restart it with the seed of that one");
      }
      return true;
    },
  };
}

const followOnChain = (chain: SsvChain, cluster: SsvCluster, onChange: () => void): DefinitionReader =>
  createSourceReader(() => chain.follow(cluster), onChange);

function toFileReader(id: string, definition: string, {config, verify, logger}: FilesOptions): DefinitionReader {
  const options: DefinitionOptions = {
    verify,
    onUnverified: (problem) => logger.warn({cluster_id: id, problem}, "cluster definition taken unverified"),
  };
  return createFileReader(definition, config.NETWORK, options);
}
