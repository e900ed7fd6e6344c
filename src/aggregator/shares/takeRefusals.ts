import type {EntryOutcome} from "../../messaging/consume.js";
import {logTogether} from "../../runtime/logTogether.js";
import type {Aggregator} from "../aggregator.js";
import type {ValidatorId} from "./currentRequest.js";
import {type Entry, takeEach} from "./takeEach.js";
import {type Refusal, type RefusalEvents, type RefusalSteps, takeRefusal} from "./takeRefusal.js";

/** A refusal of a message, and the steps that it takes. */
type RefusalEntry<Id> = Omit<Entry, "take"> & {readonly refusal: Refusal; readonly steps: RefusalSteps<Id>};

const atOnce = 8;

/** Takes the refusals of one message, except those that an earlier delivery settled, and logs them together. */
export async function takeRefusals<Id extends ValidatorId>(
  aggregator: Aggregator,
  refusals: readonly RefusalEntry<Id>[],
  settled: ReadonlySet<number> | undefined,
): Promise<EntryOutcome[]> {
  const {logger} = aggregator;
  const events: RefusalEvents = {held: [], rejected: []};
  const entries = refusals.map(({refusal, steps, ...entry}) => ({
    ...entry,
    take: () => takeRefusal(aggregator, refusal, steps, events),
  }));
  const outcomes = await takeEach(entries, settled, atOnce);
  const what = refusals[0]?.steps.what ?? "exit";
  const named = ({exits: keys, ...fields}: {exits: string[]}) => ({...fields, [`${what}s`]: keys});
  logTogether(events.held, (fields) => logger.info(named(fields), "refusals held"));
  logTogether(events.rejected, (fields) => logger.warn(named(fields), `${what}s rejected`));
  return outcomes;
}
