import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../../errors.js";
import type {PlayedOracles} from "../../sandbox/chain/oracles.js";

const Outdated = Type.Object({validators: Type.Array(Type.Object({index: Type.Integer()}))});

/** Asks an oracle, as the operator's command does, which exits of the vault it cannot use: the indexes of the validators. */
export async function askOutdated({all}: PlayedOracles, vault: string): Promise<number[]> {
  const response = await fetch(`${all[0]?.replicas[0]?.url}/signatures/${vault}`);
  const answer: unknown = await response.json();
  if (!Check(Outdated, answer)) throw new DvtError("DEMO_FAILED", "an oracle does not say which exits are outdated");
  return answer.validators.map(({index}) => index);
}
