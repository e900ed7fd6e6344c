import type {Participants} from "../participants/participants.js";
import {accessOf, askersOf, participantsSubjectOf} from "./accounts.js";

/** The public nkeys of those who may publish on a subject; none for a subject that is not ours. */
export type Publishers = (subject: string) => readonly string[];

/** Messages are accepted from exactly those whom accounts let publish: one list for both. */
export function createPublishers(participants: Participants): Publishers {
  const nkeys = new Map<string, string[]>();
  for (const {nkey, publishes} of accessOf(participants)) {
    for (const subject of publishes) nkeys.set(subject, [...(nkeys.get(subject) ?? []), nkey]);
  }
  nkeys.set(participantsSubjectOf(participants.network), [participants.admin.nkey]);
  for (const {nkey, asks} of askersOf(participants)) nkeys.set(asks, [nkey]);
  const wildcards = [...nkeys].flatMap(([subject, publishers]) =>
    subject.endsWith(".>") ? [{prefix: subject.slice(0, -1), publishers}] : [],
  );
  return (subject) => nkeys.get(subject) ?? wildcards.find(({prefix}) => subject.startsWith(prefix))?.publishers ?? [];
}
