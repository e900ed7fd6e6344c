import type {PendingRegistration} from "./pendingRegistration.js";

/** Where the pending transaction of one vault is kept, so that no restart and no other process registers beside it: a Claim. */
export type Journal = {
  /** What whoever registered before has left. */
  read(): Promise<PendingRegistration | undefined>;
  /** Resolves once it is kept; undefined: there is none any more. REGISTRATION_TAKEN_OVER if another process has claimed the vault. */
  write(pending: PendingRegistration | undefined): Promise<void>;
};
