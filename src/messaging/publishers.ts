import type {Participants} from "../participants/participants.js";
import {accessOf} from "./accounts.js";

/** The public nkeys of those who may speak on a subject; nobody on one that is not ours. */
export type Publishers = (subject: string) => readonly string[];

/** What accounts let a participant publish is what it is believed to have said: one list for both. */
export function createPublishers(participants: Participants): Publishers {
  const nkeys = new Map<string, string[]>();
  for (const {nkey, publishes} of accessOf(participants)) {
    for (const subject of publishes) nkeys.set(subject, [...(nkeys.get(subject) ?? []), nkey]);
  }
  const below = [...nkeys].flatMap(([subject, publishers]) =>
    subject.endsWith(".>") ? [{prefix: subject.slice(0, -1), publishers}] : [],
  );
  return (subject) => nkeys.get(subject) ?? below.find(({prefix}) => subject.startsWith(prefix))?.publishers ?? [];
}
