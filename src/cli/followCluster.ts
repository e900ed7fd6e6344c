import type {Cluster} from "../clusters/cluster.js";
import {DvtError, expected} from "../errors.js";
import type {KeyProblem, LiveKeyShares} from "../keys/keyShares.js";
import type {Logger} from "../runtime/logger.js";
import {oneAtATime} from "../runtime/oneAtATime.js";
import type {LiveFiles} from "./liveFiles.js";
import {warnOf} from "./openKeyShares.js";

type Opened = {readonly keyShares: LiveKeyShares; readonly logger: Logger};

/** Whoever asks for keys that nobody has does not have the keystores looked through more often. */
const leastGapMs = 5000;

/**
 * Opens the key shares of new validators when the cluster's definition has changed, and leaves those of removed ones; a
 * validator that is signed for keeps the shares that it has until this process is started again. Returns what looks at the
 * files at once, and for key shares that came without a change of the definition.
 */
export function followCluster(
  files: LiveFiles,
  current: () => Cluster | undefined,
  opened: readonly Opened[],
): () => Promise<void> {
  let last = current();
  const reopenAll = async (): Promise<void> => {
    const cluster = current();
    if (!cluster) return;
    for (const one of opened) await reopen(one, cluster);
    last = cluster;
  };
  const isHeld = (publicKey: string): boolean => opened.some(({keyShares}) => keyShares.publicKeys.has(publicKey));
  files.follow({
    findHeld: async ({changed}) => changed.filter(isHeld),
    onClusters: async () => {
      if (current()?.validators !== last?.validators) await reopenAll();
    },
  });
  const lookForShares = oneAtATime(reopenAll, leastGapMs);
  return async () => {
    await files.lookAgain();
    await lookForShares();
  };
}

/** What cannot be opened is told, and leaves the others as they are. */
async function reopen({keyShares, logger}: Opened, cluster: Cluster): Promise<void> {
  const before = keyShares.publicKeys.size;
  const problems = await keyShares.reopen(cluster).catch(expected);
  const found: readonly KeyProblem[] = problems instanceof DvtError ? [{error: problems}] : problems;
  warnOf(found, logger);
  const {size} = keyShares.publicKeys;
  if (size === before) return;
  logger.info({cluster_id: cluster.id, key_shares: size, validators: cluster.validators.size}, "key shares opened");
}
