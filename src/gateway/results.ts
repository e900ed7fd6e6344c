import type {PublicKey} from "../bls/curve.js";
import {assertResult} from "../client/assertResult.js";
import type {ExitResult} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import type {Logger} from "../runtime/logger.js";
import {takeTurn} from "../runtime/takeTurn.js";

/** Results that were read once: for one oracle set they never change, so nobody reads them again. About 5 KB each. */
export type Results = ReturnType<typeof createResults>;

type Options = {aggregatorNkey: string; logger: Logger};

/** The set in force, and the one before it, which is still being answered from for a moment. */
const setsKept = 2;

export function createResults({logger, aggregatorNkey}: Options) {
  const found = new Map<string, Map<string, ExitResult>>();
  const setOf = new WeakMap<ExitResult, OracleSet>();
  const believed = new WeakMap<ExitResult, Promise<boolean>>();

  const foundFor = ({configHash}: OracleSet): Map<string, ExitResult> => {
    const there = found.get(configHash) ?? new Map<string, ExitResult>();
    found.set(configHash, there);
    const [oldest] = found.keys();
    if (found.size > setsKept && oldest !== undefined) found.delete(oldest);
    return there;
  };

  const check = async (exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> => {
    await takeTurn();
    const oracleSet = setOf.get(result);
    if (!oracleSet) return false;
    try {
      assertResult({oracleSet, aggregatorNkey}, exit, publicKey, result);
      return true;
    } catch (error) {
      foundFor(oracleSet).delete(exitKeyOf(exit));
      logger.error({exit: exitKeyOf(exit), error: (error as Error).message}, "stored result is not served");
      return false;
    }
  };

  return {
    find: (exit: ExitId, {configHash}: OracleSet): ExitResult | undefined => found.get(configHash)?.get(exitKeyOf(exit)),
    /** As it was read from the store, for this set. */
    keep(exit: ExitId, oracleSet: OracleSet, result: ExitResult): void {
      foundFor(oracleSet).set(exitKeyOf(exit), result);
      setOf.set(result, oracleSet);
    },
    /** Whether the aggregator made it and the oracles can use it: checked once, as `dvt operator request` checks it. */
    isGood(exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> {
      const known = believed.get(result) ?? check(exit, publicKey, result);
      believed.set(result, known);
      return known;
    },
  };
}
