import {type Probe, startProbe} from "../../presence/startProbe.js";
import {createOutage} from "../../runtime/outage.js";
import type {StartContext} from "../roleProcess.js";

/** `now`: the bus's clock. */
export type ProbeContext = Omit<StartContext, "waitFor"> & {readonly now: () => number};
/** A health, and unless it is good, why not. */
export type Probed<S> = {readonly health: S; readonly problem?: string};

/** Asks again and again for the health of what the role needs, even while nobody asks for exits, and logs while it is not good. */
export function openProbe<S extends string>(
  what: string,
  ask: () => Promise<Probed<S>>,
  {now, logger, shutdown}: ProbeContext,
): Probe<S> {
  const outage = createOutage(
    {
      begins: `the ${what} cannot be used, exits wait for it`,
      goesOn: `the ${what} still cannot be used`,
      ends: `the ${what} can be used again`,
    },
    logger,
  );
  const probe = startProbe({
    async ask() {
      const {health, problem} = await ask();
      if (problem === undefined) outage.served();
      else if (!shutdown.signal.aborted) outage.failed(problem);
      return health;
    },
    now,
  });
  shutdown.onStop(probe.stop);
  return probe;
}
