import type {PublicKey} from "../bls/curve.js";
import {assertResult} from "../client/assertResult.js";
import type {ExitResult} from "../exits/completion.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import type {OracleSet} from "../oracles/oracleSet.js";
import type {Logger} from "../runtime/logger.js";
import {takeTurn} from "../runtime/takeTurn.js";

/** Results that were read once: they never change, so nobody reads them again. About 5 KB each. */
export type Results = ReturnType<typeof createResults>;

type Options = {oracleSet: OracleSet; aggregatorNkey: string; logger: Logger};

export function createResults({logger, ...believing}: Options) {
  const found = new Map<string, ExitResult>();
  const believed = new WeakMap<ExitResult, Promise<boolean>>();

  const check = async (exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> => {
    await takeTurn();
    try {
      assertResult(believing, exit, publicKey, result);
      return true;
    } catch (error) {
      found.delete(exitKeyOf(exit));
      logger.error({exit: exitKeyOf(exit), error: (error as Error).message}, "stored result is not served");
      return false;
    }
  };

  return {
    find: (exit: ExitId): ExitResult | undefined => found.get(exitKeyOf(exit)),
    keep(exit: ExitId, result: ExitResult): void {
      found.set(exitKeyOf(exit), result);
    },
    /** Whether the aggregator made it and the oracles can use it: checked once, as `dvt operator request` checks it. */
    isGood(exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> {
      const known = believed.get(result) ?? check(exit, publicKey, result);
      believed.set(result, known);
      return known;
    },
  };
}
