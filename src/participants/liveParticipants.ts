import type {NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {stampOf} from "../runtime/stamp.js";
import {loadParticipants, type Participants} from "./participants.js";

/** participants.json, as long as a role runs. */
export type LiveParticipants = {
  current(): Participants;
  /** Reads it again if it has changed. One that is not to be believed is told, and the one before stays in force. */
  look(): Promise<void>;
};

type Options = {
  /** Throws what is wrong with a file for whoever follows it. */
  accept?: (participants: Participants) => unknown;
  logger: Logger;
};

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
    async look() {
      const now = await stampOf(path);
      if (now === stamp) return;
      stamp = now;
      try {
        current = await load();
        logger.info({operators: current.operators.length, clusters: current.clusters.length}, "participants.json taken");
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        logger.error({code: error.code, error: error.message}, "participants.json refused, the one before stays in force");
      }
    },
  };
}
