import type {Pending} from "./pending.js";

/** Where what is pending of one vault is kept, so that no restart and no other process acts beside it: a Claim. */
export type Journal = {
  /** What whoever acted before has left, or what was written last. */
  read(): Promise<Pending>;
  /** Resolves once it is kept. REGISTRATION_TAKEN_OVER if another process has claimed the vault. */
  write(pending: Pending): Promise<void>;
};
