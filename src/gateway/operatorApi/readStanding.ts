import {DvtError} from "../../errors.js";
import {validatorKeyOf} from "../../exits/exitId.js";
import type {HasExitAt} from "../../registry/placeInTurn.js";
import {indexesAhead} from "../../registry/roundsAhead.js";
import type {ReservationMap} from "../../store/reservations.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, findHeads, readWanted} from "../progress/readProgress.js";

/** Which exits keys have at the next indexes. */
export type Standing = {
  /** By public key: there, complete for the current oracle set. */
  readonly isReady: HasExitAt<string>;
  /** By public key: asked for, and open. */
  readonly isAsked: HasExitAt<string>;
};

type NextIndexes = {readonly startIndex: number; readonly reserved: ReservationMap};

/** What these validators have at the indexes from `startIndex` on, one for each. */
export async function readStanding(
  gateway: Gateway,
  validators: readonly ClusterValidator[],
  {startIndex, reserved}: NextIndexes,
): Promise<Standing> {
  const {network, results} = gateway;
  const heads = await findHeads(gateway, validators);
  const headOf = (publicKey: string) => heads.get(validatorKeyOf({network, publicKey}));
  const count = validators.length;
  /** Of few validators all are looked up; one of many has one exit ahead, and that was its current one for a while. */
  const indexesOf = (publicKey: string): readonly number[] => {
    if (count <= indexesAhead) return validators.map((_, position) => startIndex + position);
    const stored = reserved.get(publicKey);
    const own = !stored || stored instanceof DvtError ? [] : [stored.validatorIndex, stored.validatorIndex + count];
    const head = headOf(publicKey);
    return [...own, ...(head ? [head.validatorIndex, ...head.previous.map(({validatorIndex}) => validatorIndex)] : [])];
  };
  const possible = validators.flatMap(({cluster, validator}) => {
    const publicKey = validator.publicKeyHex;
    const next = [...new Set(indexesOf(publicKey))].filter((index) => index >= startIndex && index < startIndex + count);
    return next.map((validatorIndex) => ({cluster, validator, publicKey, validatorIndex}));
  });
  const read = await readWanted(gateway, possible);
  const ready = new Map(validators.map(({validator}) => [validator.publicKeyHex, new Set<number>()]));
  for (const it of read) if (await results.goodShards(it)) ready.get(it.exit.publicKey)?.add(it.exit.validatorIndex);
  return {
    isReady: (publicKey, index) => ready.get(publicKey)?.has(index) === true,
    isAsked: (publicKey, index) => {
      const head = headOf(publicKey);
      return head?.state === "open" && head.validatorIndex === index;
    },
  };
}
