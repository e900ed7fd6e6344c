import {DvtError} from "../../errors.js";
import {validatorKeyOf} from "../../exits/exitId.js";
import type {ByIndex} from "../../registry/placeInTurn.js";
import {indexesAhead} from "../../registry/roundsAhead.js";
import {groupBy} from "../../runtime/groupBy.js";
import type {Reservation, ReservationMap} from "../../store/reservations.js";
import type {Gateway} from "../gateway.js";
import {type ClusterValidator, findHeads, readWanted} from "../progress/readProgress.js";

/** Which keys have an exit at the next indexes, by index and in their order. */
export type Standing = {
  /** There, complete for the current oracle set. */
  readonly ready: ByIndex<string>;
  /** Asked for, and open. */
  readonly asked: ByIndex<string>;
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
  const good = await Promise.all(read.map(async (it) => ((await results.goodShards(it)) ? [it.exit] : [])));
  const asked = validators.flatMap(({validator: {publicKeyHex: publicKey}}) => {
    const head = headOf(publicKey);
    return head?.state === "open" ? [{publicKey, validatorIndex: head.validatorIndex}] : [];
  });
  return {ready: byIndexOf(good.flat()), asked: byIndexOf(asked)};
}

const byIndexOf = (exits: readonly Pick<Reservation, "publicKey" | "validatorIndex">[]): ByIndex<string> =>
  new Map([...groupBy(exits, (it) => it.validatorIndex)].map(([index, some]) => [index, some.map((it) => it.publicKey)]));
