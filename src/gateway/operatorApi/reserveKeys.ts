import {DvtError} from "../../errors.js";
import type {Reservation, Reservations, Reserved} from "../../store/reservations.js";
import {chooseKeys, type Wanted} from "./chooseKeys.js";

type Keys = {readonly keys: readonly string[]; readonly reserved: Reserved};

/** Chooses keys until all of them are reserved for the vault: others may be reserving the same ones at this moment. */
export async function reserveKeys(
  reservations: Pick<Reservations, "reserve">,
  {keys, reserved: before, wanted}: Keys & {readonly wanted: Wanted},
): Promise<{chosen: Reservation[]; reserved: Reserved}> {
  let reserved = before;
  for (;;) {
    const chosen = chooseKeys(keys, reserved, wanted);
    const fresh = chosen.filter((it) => !stands(it, reserved.get(it.publicKey)));
    if (fresh.length === 0) return {chosen, reserved};
    reserved = new Map([...reserved, ...(await reservations.reserve(fresh))]);
  }
}

/** Its vault and type are those that were chosen for. */
const stands = ({validatorIndex, deposit}: Reservation, standing: Reservation | DvtError | undefined): boolean =>
  !(standing instanceof DvtError) && standing?.validatorIndex === validatorIndex && standing.deposit.amount === deposit.amount;
