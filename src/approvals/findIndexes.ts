import type {TSchema} from "typebox";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";
import {askOracles, type Question} from "./askOracles.js";
import type {Found, Lacking} from "./outcome.js";

/**
 * Asks all oracles for indexes of validators, and waits for all, because one that lies may be among the first. So many must answer
 * (`needed`), or it lacks. An index that fewer say than recover an exit may be a lie, or news.
 */
export async function findIndexes<S extends TSchema>(
  {oracles, oracleSet: {threshold}}: Pick<ProtocolConfig, "oracles" | "oracleSet">,
  question: Omit<Question<S, readonly number[]>, "isDecided">,
  needed: number,
): Promise<Found | Lacking<object>> {
  const {answers, failures, pending} = await askOracles<S, readonly number[]>(oracles, {
    ...question,
    isDecided: (soFar) => soFar.answers.length + soFar.pending < needed,
  });
  if (answers.length < needed) {
    const groups = answers.length === 0 ? [] : [{terms: {}, hosts: answers.map(({host}) => host)}];
    return {outcome: "lacking", needed, groups, failures, pending};
  }
  const counts = new Map<number, number>();
  for (const {answer} of answers) for (const index of new Set(answer)) counts.set(index, (counts.get(index) ?? 0) + 1);
  const ascending = [...counts].sort(([a], [b]) => a - b);
  const saidBy = (isEnough: boolean): number[] =>
    ascending.filter(([, count]) => count >= threshold === isEnough).map(([index]) => index);
  return {outcome: "found", indexes: saidBy(true), disputed: saidBy(false), failures};
}
