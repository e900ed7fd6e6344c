import type {FastifyRequest} from "fastify";
import {Type} from "typebox";
import type {KeyAmount} from "../../vaults/validatorsManager.js";
import type {Gateway} from "../gateway.js";
import type {Permit} from "./permit.js";

export const Signed = Type.Object({
  validators_manager_signature: Type.String({description: "65 bytes: EIP-712, VaultValidators of the vault"}),
});

type What = {
  readonly keys: number;
  /** Of all of them; where it moves amounts. */
  readonly gwei?: number;
};

/** The answer that has the manager's signature: each is told of in the log, and counted. */
export function answerSigned(
  {metrics, logger}: Gateway,
  {id}: Pick<FastifyRequest, "id">,
  {operation, rules: {vault}}: Permit,
  {keys, gwei}: What,
  signature: string,
): {validators_manager_signature: string} {
  metrics.managerSignatures.inc({operation});
  logger.info({request_id: id, vault, operation, keys, gwei}, "signed as the vault's validators manager");
  return {validators_manager_signature: signature};
}

export const totalOf = (asked: readonly KeyAmount[]): What => ({
  keys: asked.length,
  gwei: asked.reduce((sum, {amount}) => sum + amount, 0),
});
