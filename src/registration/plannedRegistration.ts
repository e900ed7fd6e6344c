import type {Harvest, VaultView} from "../execution/vaultChain.js";
import type {WantedValidator} from "./readyExits.js";

/** What is to be registered, by what the chain said at one block. */
export type PlannedRegistration = {
  readonly view: VaultView;
  readonly harvest: Harvest | undefined;
  readonly startIndex: number;
  readonly validators: readonly WantedValidator[];
};
