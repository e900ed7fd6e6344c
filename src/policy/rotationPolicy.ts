import type {ValidatorFinder} from "../beacon/findValidators.js";
import type {ExitId} from "../exits/exitId.js";
import type {ExitLog} from "./exitLog.js";
import {type Decision, type RefusalCode, toRefusal} from "./refusals.js";
import {createSignedWithinHour} from "./signedExits.js";

/** Which exits of active validators are signed once more, for another oracle set. */
export type RotationRules = {
  readonly perHour: number;
  /** Whether these withdrawal credentials (32 bytes in lower-case hex with 0x) are those of a vault that the key's stake may go to. */
  readonly isOfVault: (publicKey: string, withdrawalCredentials: string) => boolean;
};

type Options = {
  /** Undefined: none is signed. */
  readonly rules: RotationRules | undefined;
  readonly beaconNode: ValidatorFinder | undefined;
  readonly log: ExitLog;
};

/**
 * Decides on rotations: an exit of an active validator is signed only if the chain shows the validator at this index as the vault's, or
 * if it was signed for this very index before. The decision is "sign" once it is on disk.
 */
export function createRotationPolicy({rules, beaconNode, log}: Options): (exit: ExitId, now: number) => Promise<Decision> {
  const signed = createSignedWithinHour(log, {rotation: true, most: rules?.perHour ?? 0, variable: "ROTATIONS_PER_HOUR"});

  const findObjection = async (exit: ExitId, {isOfVault}: RotationRules): Promise<RefusalCode | undefined> => {
    const {publicKey, validatorIndex} = exit;
    const found = (await beaconNode?.findValidators([publicKey, validatorIndex])) ?? [];
    if (found.some((it) => it.publicKey !== publicKey || it.index !== validatorIndex)) return "INDEX_OF_ANOTHER_KEY";
    const [own] = found;
    const isKnown = (own && isOfVault(publicKey, own.withdrawalCredentials)) || log.hasSigned(exit);
    return isKnown ? undefined : "ROTATION_UNFOUNDED";
  };

  return async (exit, now) => {
    if (!rules) return toRefusal("ROTATION_NOT_ALLOWED");
    // What is too much does not reach the beacon node.
    signed.expectRoom(exit, now);
    const code = await findObjection(exit, rules);
    if (code) return toRefusal(code);
    // Once more, as others were decided meanwhile. Nothing is awaited from here until it is recorded.
    signed.expectRoom(exit, now);
    await signed.record(exit, now);
    return {outcome: "sign"};
  };
}
