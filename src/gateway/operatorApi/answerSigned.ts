import type {FastifyRequest} from "fastify";
import {Type} from "typebox";
import type {KeyAmount} from "../../vaults/validatorsManager.js";
import {examples} from "../apiDocument/examples.js";
import type {Gateway} from "../gateway.js";
import type {Permit} from "./permit.js";

export const ManagerSignature = Type.String({
  pattern: "^0x[0-9a-f]{130}$",
  description: "65 bytes: EIP-712, VaultValidators of the vault",
});
export const Signed = Type.Object(
  {validators_manager_signature: ManagerSignature},
  {examples: [{validators_manager_signature: examples.managerSignature}]},
);

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
