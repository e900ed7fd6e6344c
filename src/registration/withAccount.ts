import type {ManagerAccount} from "../vaults/validatorsManager.js";

/** A plan, with the account that the manager's key signs it for. */
export type WithAccount<Plan> = Plan & {readonly account: ManagerAccount};
