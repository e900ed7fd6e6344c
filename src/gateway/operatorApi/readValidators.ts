import {type Static, type TSchema, Type} from "typebox";
import {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import {BlsPubkey, BlsSignature} from "../../../schemas/fields.js";
import {exitKeyOf} from "../../exits/exitId.js";
import type {RejectionCode} from "../../exits/rejections.js";
import type {Gateway} from "../gateway.js";
import {type ExitProgress, type Refusals, readWanted, type WantedProgress} from "../progress/readProgress.js";
import type {ChosenValidator} from "./chooseValidators.js";
import {Gwei} from "./vaultSchemas.js";

const orNull = <T extends TSchema>(schema: T) => Type.Union([Type.Null(), schema]);

/** What a vault registers of a validator; null is still to come. */
export const RegisteredValidator = Type.Object({
  public_key: BlsPubkey,
  amount: Gwei,
  deposit_signature: orNull(BlsSignature),
  exit_signature: Type.Null({description: "it never leaves the aggregator in one piece"}),
  oracles_exit_signature_shares: orNull(OraclesExitSignatureShares),
});
export type RegisteredValidator = Static<typeof RegisteredValidator>;

/**
 * The chosen validators, with all that is complete. Each exit is the one that the validator needs if the first of them gets `startIndex`,
 * and no other. Warns of those that cannot become complete.
 */
export async function readValidators(
  gateway: Gateway,
  chosen: readonly ChosenValidator[],
  startIndex: number,
): Promise<RegisteredValidator[]> {
  const read = async (it: WantedProgress, position: number): Promise<RegisteredValidator> => {
    warnOfRejection(gateway, it);
    const {exit, deposit} = it;
    const isOfPlace = exit.validatorIndex === startIndex + position;
    return {
      public_key: exit.publicKey,
      amount: deposit?.id.deposit.amount ?? 0,
      deposit_signature: await goodSignature(gateway, it),
      exit_signature: null,
      oracles_exit_signature_shares: isOfPlace ? await gateway.results.goodShards(it) : null,
    };
  };
  return Promise.all((await readWanted(gateway, chosen)).map(read));
}

/** The signature of this very deposit: one of another deposit of the same key is of no use. */
async function goodSignature({depositSignatures}: Gateway, {validator, deposit}: WantedProgress): Promise<string | null> {
  const {id, signature} = deposit ?? {};
  if (!id || !signature) return null;
  return (await depositSignatures.isGood(id, validator.publicKey, signature)) ? signature : null;
}

/** A request for another index says nothing of this one. */
function warnOfRejection({pollLogs: {notRegistered}}: Gateway, {head, ...wanted}: WantedProgress): void {
  const key = exitKeyOf(wanted.exit);
  const isCurrent = head?.validatorIndex === wanted.exit.validatorIndex;
  const rejection = isCurrent ? whyRejected({...wanted, head}) : undefined;
  if (rejection) notRegistered.waits(key, {code: rejection.code, refusals: Object.fromEntries(rejection.refusals)});
  else notRegistered.settled(key);
}

type Rejection = {readonly code: RejectionCode; readonly refusals: Refusals};

/** Why the exit, or the deposit that goes with it, will not be completed; undefined while it may be. */
export function whyRejected({cluster, validator, head, result, refusals, deposit}: ExitProgress): Rejection | undefined {
  const canSpare = validator.publicKeyShares.size - cluster.threshold;
  if (!result && head.state === "expired") return {code: "EXIT_EXPIRED", refusals};
  if (!result && refusals.size > canSpare) return {code: "EXIT_REFUSED", refusals};
  if (!deposit || deposit.signature !== undefined) return undefined;
  if (deposit.isExpired) return {code: "DEPOSIT_EXPIRED", refusals: deposit.refusals};
  return deposit.refusals.size > canSpare ? {code: "DEPOSIT_REFUSED", refusals: deposit.refusals} : undefined;
}
