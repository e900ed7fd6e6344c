import type {Static} from "typebox";
import type {KeyAmount, ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {VaultOperation, VaultRules} from "../../vaults/vaultRules.js";
import type {Request} from "../../web/app.js";
import {Problem} from "../../web/problem.js";
import type {Caller} from "../access/caller.js";
import type {Gateway} from "../gateway.js";
import type {SignedAnswer} from "./vaultSchemas.js";

/** An operation that the rules of its vault name, and who signs it. */
export type Permit<O extends VaultOperation = VaultOperation> = {
  readonly manager: ValidatorsManager;
  readonly operation: O;
  readonly rules: VaultRules;
};

/** NOT_ALLOWED unless the caller may ask for this operation of this vault (in any case); NOT_CONFIGURED when nobody may. */
export function permit<O extends VaultOperation>({manager}: Gateway, caller: Caller, vault: string, operation: O): Permit<O> {
  if (caller.as === "sidecar") throw new Problem("NOT_ALLOWED", "a sidecar's token cannot ask for vault operations");
  if (!manager) {
    throw new Problem("NOT_CONFIGURED", "this gateway has no validators manager's key: VALIDATORS_MANAGER_KEY_FILE is not set");
  }
  const rules = manager.rulesOf(vault.toLowerCase());
  if (!rules) throw new Problem("NOT_ALLOWED", `the validators manager's rules do not name vault ${vault}`);
  if (rules.operations.has(operation)) return {manager, operation, rules};
  throw new Problem("NOT_ALLOWED", `the validators manager's rules do not name ${operation} for vault ${vault}`);
}

type OperationSize = {
  readonly keys: number;
  /** The sum over all keys; undefined when no amounts are moved. */
  readonly gwei?: number;
};

/** The answer with the manager's signature. Each one is logged and counted. */
export function answerSigned(
  {metrics, logger}: Gateway,
  {id}: Pick<Request, "id">,
  {operation, rules: {vault}}: Permit,
  {keys, gwei}: OperationSize,
  signature: string,
): Static<typeof SignedAnswer> {
  metrics.managerSignatures.inc({operation});
  logger.info({request_id: id, vault, operation, keys, gwei}, "signed as the vault's validators manager");
  return {validators_manager_signature: signature};
}

export const totalOf = (amounts: readonly KeyAmount[]): OperationSize => ({
  keys: amounts.length,
  gwei: amounts.reduce((sum, {amount}) => sum + amount, 0),
});
