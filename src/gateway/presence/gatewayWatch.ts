import type {EntryWatch} from "../../messaging/entryWatch.js";
import type {Tally} from "../../presence/createTally.js";
import type {Caller} from "../access/caller.js";

/** Learns what the gateway does for those whom it speaks for, and who of them asks. */
export type GatewayWatch = {
  asked(caller: Caller): void;
  /** Counts what is published as this sidecar. */
  answersOf(clusterId: string, shareIndex: number): Pick<Tally, "signed" | "refused"> | undefined;
  /** What becomes of the exits that are to be shown to the sidecars of a cluster. */
  shownTo(clusterId: string): EntryWatch;
  /** How many keys a vault has left. */
  keysLeft(vault: string, keys: number): void;
};
