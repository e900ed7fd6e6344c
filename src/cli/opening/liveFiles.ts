import type {NetworkName} from "../../../schemas/fields.js";
import type {DefinitionOptions} from "../../clusters/cluster.js";
import type {DefinitionReader} from "../../clusters/live/definitionReader.js";
import {createFileReader} from "../../clusters/live/fileReader.js";
import {type LiveClusters, openClusters} from "../../clusters/live/liveClusters.js";
import type {FindHeld} from "../../clusters/live/readCluster.js";
import {createSourceReader} from "../../clusters/live/sourceReader.js";
import {openSsvChain, type SsvChainConfig} from "../../clusters/ssv/chain/openSsvChain.js";
import type {SsvChain} from "../../clusters/ssv/chain/ssvChain.js";
import {networks} from "../../consensus/networks.js";
import type {Bus} from "../../messaging/connect.js";
import type {EntryWatch} from "../../messaging/entryWatch.js";
import {followParticipants} from "../../participants/liveParticipants.js";
import type {ClusterEntry, Participants, SsvCluster} from "../../participants/participants.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {every} from "../../runtime/every.js";
import type {Logger} from "../../runtime/logger.js";
import {oneAtATime} from "../../runtime/oneAtATime.js";
import {createOutage} from "../../runtime/outage.js";
import {userPath} from "../../runtime/userPath.js";
import {createProgress} from "../progress.js";
import type {StartContext} from "../roleProcess.js";
import {openPublished} from "./openPublished.js";

type FilesConfig = SsvChainConfig & {
  readonly NETWORK: NetworkName;
  readonly PARTICIPANTS_FILE: string;
  readonly RELOAD_EVERY: string;
  readonly TRUST_FILE?: string | undefined;
};

export type FilesOptions = StartContext & {
  readonly config: FilesConfig;
  readonly env: NodeJS.ProcessEnv;
  /** false: accepts definitions without checking their hashes and signatures. */
  readonly verify: boolean;
  /** The clusters that this role works for (default: all); if it throws, participants.json is refused. */
  readonly entriesOf?: (participants: Participants) => readonly ClusterEntry[];
};

/** How a role reacts to changed files while it runs. */
export type FollowOptions = {
  readonly findHeld: FindHeld;
  readonly onParticipants?: (participants: Participants) => void;
  /** Called after the clusters were updated, and before signatures of new participants are trusted. */
  readonly onClusters?: () => Promise<void>;
};

type NkeyIn = (participants: Participants) => string | undefined;

/** participants.json and the cluster definitions that it names, kept current. */
export type LiveFiles = {
  participants(): Participants;
  readonly clusters: LiveClusters;
  /**
   * Keeps the participants that this connection trusts current; `nkeyIn` finds its own nkey in participants.json. The first connection
   * also reads what the administrator publishes. `watch` learns whether a version of it is held.
   */
  attach(bus: Bus, nkeyIn: NkeyIn, watch?: EntryWatch): void;
  /** From now on reloads the files every RELOAD_EVERY, on SIGHUP, and on request. */
  follow(following: FollowOptions): void;
  /** Resolves once the files were read after this call; never rejects. */
  reload(): Promise<void>;
};

/** However many messages arrive from unknown senders, the files are not reloaded more often than this. */
const leastGapMs = 250;
const notReloaded = {
  begins: "files not reloaded, will be tried again",
  goesOn: "files are still not reloaded",
  ends: "files are reloaded again",
};

export async function openFiles(options: FilesOptions): Promise<LiveFiles> {
  const {config, env, verify, logger, shutdown, waitFor, entriesOf = ({clusters}) => clusters} = options;
  if (!verify) logger.warn("--no-verify: cluster definitions are accepted without checking their hashes and signatures");
  const path = userPath(config.PARTICIPANTS_FILE, env);
  const participants = await waitFor("the participants file", () =>
    followParticipants(path, config.NETWORK, {accept: entriesOf, logger}),
  );
  const outage = createOutage(notReloaded, logger);
  let following: FollowOptions | undefined;
  // The first cluster that is opened may call this; it does nothing before follow().
  const reload = oneAtATime(async () => {
    if (!following) return;
    await reloadOnce(following).then(outage.served, ({message, stack}: Error) => outage.failed(message, () => ({stack})));
  }, leastGapMs);

  const onProgress = createProgress("SSV blocks").show;
  const ssvChain = openSsvChain({config, env, network: networks[config.NETWORK], logger, onProgress});
  shutdown.onStop(ssvChain.stop);
  const read = (entry: ClusterEntry): DefinitionReader =>
    typeof entry.definition === "string"
      ? toFileReader(entry.id, entry.definition, options)
      : followOnChain(ssvChain, entry.definition, () => void reload());
  const clusters = await waitFor("every cluster definition", async () => {
    await participants.reload();
    return openClusters(entriesOf(participants.current()), {read, logger});
  });
  shutdown.onStop(clusters.stop);
  const {attach, attached, trust} = createTrust(participants.current(), logger);
  const published = await openPublished(options);

  const reloadOnce = async ({findHeld, onParticipants, onClusters}: FollowOptions): Promise<void> => {
    await published?.(attached);
    await participants.reload();
    const now = participants.current();
    await clusters.update(entriesOf(now), findHeld);
    await onClusters?.();
    if (trust(now)) onParticipants?.(now);
  };
  return {
    participants: participants.current,
    clusters,
    attach,
    follow(options) {
      following = options;
      const onHangup = (): void => {
        void reload().then(() => logger.info("files reloaded on SIGHUP"));
      };
      process.on("SIGHUP", onHangup);
      const periodic = every(parseDurationMs(config.RELOAD_EVERY), "reload the files", reload, logger);
      shutdown.onStop(async () => {
        process.off("SIGHUP", onHangup);
        await periodic.stop();
      });
    },
    reload,
  };
}

type Attached = {readonly bus: Bus; readonly nkeyIn: NkeyIn; readonly watch?: EntryWatch | undefined};

/** Keeps every attached connection trusting the same participants. */
function createTrust(atFirst: Participants, logger: Logger) {
  const attached: Attached[] = [];
  let trusted = atFirst;
  return {
    attached,
    attach(bus: Bus, nkeyIn: NkeyIn, watch?: EntryWatch): void {
      attached.push({bus, nkeyIn, watch});
      bus.trust(trusted);
    },
    /** Returns whether they have changed. */
    trust(now: Participants): boolean {
      if (now === trusted) return false;
      trusted = now;
      for (const {bus, nkeyIn} of attached) {
        bus.trust(now);
        const {participant, nkey} = bus.identity;
        if (nkeyIn(now) === nkey) continue;
        logger.warn(
          {participant},
          "participants.json lists another nkey for this process: restart it with the seed of that nkey",
        );
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
    onUnverified: (problem) => logger.warn({cluster_id: id, problem}, "cluster definition accepted unverified"),
  };
  return createFileReader(definition, config.NETWORK, options);
}
