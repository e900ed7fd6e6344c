import type {TSchema} from "typebox";
import {signerOf} from "../execution/oracleSignatures.js";
import type {Oracle} from "../oracles/protocolConfig.js";
import {groupBy} from "../runtime/groupBy.js";
import {type Answer, askOracles, type Question} from "./askOracles.js";
import {AnswerError} from "./oracleFailure.js";
import type {Approved, Lacking} from "./outcome.js";

/** A signature that verified, 65 bytes in hex with 0x, and what it is for. */
export type Vote<T> = {readonly terms: T; readonly signature: string};

/** Asks all oracles until this many signed the same terms, or cannot any more. */
export async function gatherSignatures<S extends TSchema, T extends object>(
  oracles: readonly Oracle[],
  question: Omit<Question<S, Vote<T>>, "isDecided">,
  needed: number,
): Promise<Approved<T> | Lacking<T>> {
  const {answers, failures, pending} = await askOracles<S, Vote<T>>(oracles, {
    ...question,
    isDecided: (soFar) => {
      const most = groupsOf(soFar.answers)[0]?.length ?? 0;
      return most >= needed || most + soFar.pending < needed;
    },
  });
  const groups = groupsOf(answers);
  const [most] = groups;
  const terms = most?.[0]?.answer.terms;
  if (most && terms && most.length >= needed) {
    return {...terms, outcome: "approved", signatures: concatenate(most.slice().sort(byAddress).slice(0, needed)), failures};
  }
  const shown = groups.map((group) => ({terms: (group[0] as Signed<T>).answer.terms, hosts: group.map(({host}) => host)}));
  return {outcome: "lacking", needed, groups: shown, failures, pending};
}

/**
 * Takes an oracle's signature (65 bytes in hex, with or without 0x) if the contract will take it as the oracle's. It may be one of
 * something else: an oracle that lies would have the transaction fail, and cost its fee.
 */
export async function toVote<T>(oracle: Oracle, terms: T, of: {digest: string; signature: string}): Promise<Vote<T>> {
  const signature = `0x${of.signature.replace(/^0x/, "").toLowerCase()}`;
  if ((await signerOf(of.digest, signature)) === oracle.address) return {terms, signature};
  throw new AnswerError("lying", "it lies: its signature is not this oracle's of what was asked");
}

type Signed<T> = Answer<Vote<T>>;

/** Those who signed the same terms, the most first. The contract verifies one digest, so signatures of two terms never mix. */
const groupsOf = <T>(answers: readonly Signed<T>[]): Signed<T>[][] =>
  [...groupBy(answers, ({answer}) => JSON.stringify(answer.terms)).values()].sort((a, b) => b.length - a.length);

const byAddress = (a: Signed<unknown>, b: Signed<unknown>): number => (a.oracle < b.oracle ? -1 : 1);

const concatenate = (answers: readonly Signed<unknown>[]): string =>
  `0x${answers.map(({answer}) => answer.signature.slice(2)).join("")}`;
