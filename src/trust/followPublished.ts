import {isDeepStrictEqual} from "node:util";
import type {NetworkName} from "../../schemas/fields.js";
import type {PublishedParticipants} from "../../schemas/participants.js";
import {DvtError} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {readParticipantsFile, toParticipants} from "../participants/participants.js";
import {writeFileAtomic} from "../runtime/files.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import {findDifferences} from "./findDifferences.js";
import {openPublished, readNewest} from "./readPublished.js";
import {loadTrust, type Trust, toTrust, writeTrust} from "./trustFile.js";

/** Brings PARTICIPANTS_FILE up to date with what the administrator publishes. */
export type PublishedFollower = {
  /**
   * Takes a later version, if it asks for no more trust than TRUST_FILE gives. What fails is logged, and tried again the next time.
   * Returns whether a version is held until somebody agrees to it.
   */
  poll(bus: Bus): Promise<boolean>;
};

type Options = {
  readonly trustFile: string;
  readonly participantsFile: string;
  readonly network: NetworkName;
  readonly logger: Logger;
  /** A steady clock. */
  readonly now?: () => number;
};

/** Without anything new for so long, the stream may have been made anew and count from 1 again. */
const startOverAfterMs = 60_000;

const unread = {
  begins: "participants.json is not read from the bus, will be tried again",
  goesOn: "participants.json is still not read from the bus",
  ends: "participants.json is read from the bus again",
};
const heldWords = {
  begins: "a later participants.json asks for more trust, the previous one stays in effect; `dvt trust` shows it and asks you",
  goesOn: "a later participants.json still asks for more trust; `dvt trust` shows it and asks you",
  ends: "no participants.json is held any more",
  fields: {code: "PARTICIPANTS_UNTRUSTED"},
};

/** Follows the stream PARTICIPANTS. The file stays the only thing that roles read: after a restart, it is the last good version. */
export function followPublished(options: Options): PublishedFollower {
  const {trustFile, network, logger, now = () => performance.now()} = options;
  const outage = createOutage(unread, logger);
  const holding = createOutage(heldWords, logger);
  const take = createTaking(options);
  let seq = 1;
  let readAt = now();
  /** Neither taken nor ignored yet. */
  let newest: PublishedParticipants | undefined;

  const read = async (bus: Bus, {admin}: Trust): Promise<void> => {
    if (now() - readAt > startOverAfterMs) seq = 1;
    const message = await readNewest(bus, network, seq);
    if (!message) return;
    seq = message.seq + 1;
    readAt = now();
    newest = await openPublished(message, admin);
  };
  const pollOnce = async (bus: Bus): Promise<boolean> => {
    const trust = await loadTrust(trustFile, network);
    await read(bus, trust);
    const differences = newest ? await take(newest, trust) : [];
    if (differences.length > 0) holding.failed(differences.join("; "));
    else {
      newest = undefined;
      holding.served();
    }
    return differences.length > 0;
  };
  return {
    async poll(bus) {
      try {
        const isHeld = await pollOnce(bus);
        outage.served();
        return isHeld;
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        outage.failed(error.message, () => ({code: error.code}));
        return false;
      }
    },
  };
}

/** Writes a later version to PARTICIPANTS_FILE and returns nothing; or returns why it is held. */
function createTaking({participantsFile: path, trustFile, network, logger}: Options) {
  let ignored: string | undefined;
  const ignore = (version: number, current: number): string[] => {
    const why = version < current ? "an older version" : "another content of this version";
    if (ignored !== why) logger.warn({version, current}, `${why} of participants.json is on the bus, it is ignored`);
    ignored = why;
    return [];
  };
  /** What was taken away is not trusted any more: to bring it back needs consent, as for anything new. */
  const narrow = async (published: PublishedParticipants, trust: Trust): Promise<void> => {
    const clusterIds = trust.clusters.map(({id}) => id);
    const narrowed = toTrust(published, clusterIds);
    if (isDeepStrictEqual(narrowed, trust) || findDifferences(trust, published).length > 0) return;
    await writeTrust(trustFile, narrowed);
    logger.info("TRUST_FILE has what this version of participants.json has, and no more");
  };
  return async (published: PublishedParticipants, trust: Trust): Promise<string[]> => {
    const {version} = published;
    const current = await readParticipantsFile(path);
    const {version: currentVersion = 0} = current;
    if (isDeepStrictEqual(current, published)) {
      await narrow(published, trust);
      return [];
    }
    if (version <= currentVersion) return ignore(version, currentVersion);
    const differences = findDifferences(trust, published);
    if (differences.length > 0) return differences;
    toParticipants(published, {path, network});
    await writeFileAtomic(path, toText(published));
    logger.info({version, before: currentVersion}, "participants.json taken from the bus");
    await narrow(published, trust);
    return [];
  };
}

/** As PARTICIPANTS_FILE has a version that was published. */
export const toText = (published: PublishedParticipants): string => `${JSON.stringify(published, undefined, 2)}\n`;
