import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {stampOf} from "../runtime/stamp.js";
import {loadParticipants, type Participants} from "./participants.js";

/** The participants of participants.json, while a role runs. */
export type LiveParticipants = {
  current(): Participants;
  /** Reloads the file if it has changed. An invalid one is logged, and the previous participants stay in effect. */
  reload(): Promise<void>;
};

type Options = {
  /** Throws if the role cannot work with these participants. */
  accept?: (participants: Participants) => unknown;
  logger: Logger;
};

/** Loads participants.json, and reloads it on demand. Errors as loadParticipants. */
export async function followParticipants(
  path: string,
  network: NetworkName,
  {accept, logger}: Options,
): Promise<LiveParticipants> {
  const load = async (): Promise<Participants> => {
    const participants = await loadParticipants(path, network);
    accept?.(participants);
    return participants;
  };
  let stamp = await stampOf(path);
  let current = await load();
  return {
    current: () => current,
    async reload() {
      const newStamp = await stampOf(path);
      if (newStamp === stamp) return;
      stamp = newStamp;
      try {
        current = await load();
        logger.info({operators: current.operators.length, clusters: current.clusters.length}, "participants.json reloaded");
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        logger.error(
          {code: error.code, error: error.message},
          "participants.json is invalid, the previous version stays in effect",
        );
      }
    },
  };
}
