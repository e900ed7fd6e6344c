import type {Harvest, VaultView} from "../execution/vaultChain.js";
import type {KeyAmount} from "../vaults/validatorsManager.js";

/** Which of the vault's validators are to be topped up before others are registered, by what the chain said at one block. */
export type PlannedTopUps = {
  readonly view: VaultView;
  readonly harvest: Harvest | undefined;
  readonly topUps: readonly KeyAmount[];
};
