import type {Cluster} from "../../clusters/cluster.js";
import {expected} from "../../errors.js";
import type {KeyProblem, LiveKeyShares} from "../../keys/keyShares.js";
import type {Logger} from "../../runtime/logger.js";
import {oneAtATime} from "../../runtime/oneAtATime.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import {warnOf} from "./openKeyShares.js";

type Opened = {readonly keyShares: LiveKeyShares; readonly problems: readonly KeyProblem[]; readonly logger: Logger};

/** However many requests arrive for unknown keys, the keystores are not searched more often than this. */
const leastGapMs = 5000;

/**
 * Opens the key shares of new validators when the cluster definition has changed, and closes those of removed ones; a validator
 * that is signed for keeps its public key shares until this process restarts. Returns a function that reloads the files at once,
 * and finds key shares that were added without a change of the definition.
 */
export function followCluster(
  files: LiveFiles,
  current: () => Cluster | undefined,
  opened: readonly Opened[],
): () => Promise<void> {
  let last = current();
  const reopens = opened.map(createReopen);
  const reopenAll = oneAtATime(async () => {
    const cluster = current();
    if (!cluster) return;
    for (const reopen of reopens) await reopen(cluster);
    last = cluster;
  }, leastGapMs);
  const isHeld = (publicKey: string): boolean => opened.some(({keyShares}) => keyShares.publicKeys.has(publicKey));
  files.follow({
    findHeld: async ({changed}) => changed.filter(isHeld),
    onClusters: async () => {
      if (current()?.validators !== last?.validators) await reopenAll();
    },
  });
  return async () => {
    await files.reload();
    await reopenAll();
  };
}

/** Logs each problem once; what cannot be opened leaves the other key shares as they are. */
function createReopen({keyShares, problems, logger}: Opened): (cluster: Cluster) => Promise<void> {
  let logged = problems;
  return async (cluster) => {
    const before = keyShares.publicKeys.size;
    const found = await keyShares.reopen(cluster).catch((error): readonly KeyProblem[] => [{error: expected(error)}]);
    const isLogged = ({publicKey, error}: KeyProblem): boolean =>
      logged.some((it) => it.publicKey === publicKey && it.error.message === error.message);
    warnOf(
      found.filter((problem) => !isLogged(problem)),
      logger,
    );
    logged = found;
    const {size} = keyShares.publicKeys;
    if (size === before) return;
    logger.info({cluster_id: cluster.id, key_shares: size, validators: cluster.validators.size}, "key shares opened");
  };
}
