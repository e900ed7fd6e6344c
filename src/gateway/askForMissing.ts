import type {WantedExit} from "../client/outcome.js";
import {askForExits, isToBeAsked} from "./askForExits.js";
import type {Gateway} from "./gateway.js";
import type {Standing} from "./lookUp.js";
import {createMovedLog} from "./movedLog.js";

type Asking = {
  readonly operatorId: string;
  /** The index of the first. */
  readonly start: number;
  readonly wanted: readonly WantedExit[];
  /** By public key. */
  readonly standings: ReadonlyMap<string, Standing>;
};

/** Asks for those of the exits that the relayer has to hear of, and tells where their indexes have moved. */
export function createAskForMissing(gateway: Gateway): (asking: Asking) => Promise<void> {
  const tellOfMoved = createMovedLog(gateway.logger);
  return async ({operatorId, start, wanted, standings}) => {
    const missing = wanted
      .map((exit) => ({exit, standing: standings.get(exit.publicKey)}))
      .filter(({exit, standing}) => isToBeAsked(exit, standing, operatorId));
    tellOfMoved(operatorId, start, missing);
    await askForExits(
      gateway,
      operatorId,
      missing.map(({exit}) => exit),
    );
  };
}
