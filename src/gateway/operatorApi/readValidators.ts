import {type Static, type TSchema, Type} from "typebox";
import {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {BlsPubkey, BlsSignature} from "../../../schemas/fields.js";
import {isSameDeposit} from "../../exits/depositId.js";
import {exitKeyOf} from "../../exits/exitId.js";
import type {Gateway} from "../gateway.js";
import {goodShares} from "../goodShares.js";
import {lookUp, type Standing} from "../lookUp.js";
import {whyRejected} from "../whyRejected.js";
import type {Chosen} from "./chooseValidators.js";
import {Gwei} from "./vaultRequest.js";

const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);

/** What a vault registers of a validator; null is what is still to come. */
export const RegisteredValidator = Type.Object({
  public_key: BlsPubkey,
  amount: Gwei,
  deposit_signature: orNull(BlsSignature),
  exit_signature: Type.Null({description: "it never leaves the aggregator in one piece"}),
  oracles_exit_signature_shares: orNull(OraclesExitSignatureShares),
});
export type RegisteredValidator = Static<typeof RegisteredValidator>;

/** How far each is. */
export async function readValidators(gateway: Gateway, chosen: readonly Chosen[]): Promise<RegisteredValidator[]> {
  const standings = await lookUp(gateway, chosen);
  const read = async (it: Chosen): Promise<RegisteredValidator> => {
    const standing = standings.get(it.publicKey);
    const isCurrent = standing?.exit.validatorIndex === it.validatorIndex;
    if (isCurrent) warnOfRejection(gateway, standing);
    return {
      public_key: it.publicKey,
      amount: it.deposit.amount,
      deposit_signature: await goodSignature(gateway, it, standing),
      exit_signature: null,
      oracles_exit_signature_shares: isCurrent ? await goodShares(gateway, standing) : null,
    };
  };
  return Promise.all(chosen.map(read));
}

/** Of this very deposit: another of the same key is of no use. */
async function goodSignature(
  {depositSignatures}: Gateway,
  {deposit, validator}: Chosen,
  standing: Standing | undefined,
): Promise<string | null> {
  const {id, signature} = standing?.deposit ?? {};
  if (!id || !signature || !isSameDeposit(id.deposit, deposit)) return null;
  return (await depositSignatures.isGood(id, validator.publicKey, signature)) ? signature : null;
}

function warnOfRejection({warnOnce}: Gateway, standing: Standing): void {
  const rejection = whyRejected(standing);
  if (!rejection) return;
  const {code, refusals} = rejection;
  warnOnce({exit: exitKeyOf(standing.exit), code, refusals: Object.fromEntries(refusals)}, "a validator cannot be registered");
}
