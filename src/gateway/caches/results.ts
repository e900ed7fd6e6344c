import type {OraclesExitSignatureShares} from "../../../schemas/exitCompletion.js";
import type {PublicKey} from "../../bls/curve.js";
import {assertResult} from "../../client/assertResult.js";
import type {Validator} from "../../clusters/cluster.js";
import {DvtError} from "../../errors.js";
import type {ExitResult} from "../../exits/completion.js";
import {type ExitId, exitKeyOf} from "../../exits/exitId.js";
import type {OracleSet} from "../../oracles/oracleSet.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import type {PollLogs} from "./pollLogs.js";

/** Results that were read from the store: for one oracle set they never change, so each is read once. About 5 KB each. */
export type Results = ReturnType<typeof createResults>;

type Options = Pick<PollLogs, "resultsNotServed"> & {readonly aggregatorNkey: string};
type FoundResult = {
  readonly exit: ExitId;
  readonly validator: Pick<Validator, "publicKey">;
  readonly result: ExitResult | undefined;
};

/** The current oracle set, and the one before it, from which requests that are under way are still answered. */
const setsKept = 2;
/** Of one key, those that were read last. What is forgotten is read once more. */
const indexesKept = 32;

export function createResults({resultsNotServed, aggregatorNkey}: Options) {
  /** By oracle set, public key and index. */
  const bySet = new Map<string, Map<string, Map<number, ExitResult>>>();
  const setOf = new WeakMap<ExitResult, OracleSet>();
  const checks = new WeakMap<ExitResult, Promise<boolean>>();

  const resultsOf = ({configHash}: OracleSet, publicKey: string): Map<number, ExitResult> => {
    const ofSet = bySet.get(configHash) ?? new Map<string, Map<number, ExitResult>>();
    bySet.set(configHash, ofSet);
    const [oldest] = bySet.keys();
    if (bySet.size > setsKept && oldest !== undefined) bySet.delete(oldest);
    const results = ofSet.get(publicKey) ?? new Map<number, ExitResult>();
    ofSet.set(publicKey, results);
    return results;
  };

  const check = async (exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> => {
    await yieldToEventLoop();
    const oracleSet = setOf.get(result);
    if (!oracleSet) return false;
    try {
      assertResult({oracleSet, aggregatorNkey}, exit, publicKey, result);
      resultsNotServed.settled(exitKeyOf(exit));
      return true;
    } catch (error) {
      resultsOf(oracleSet, exit.publicKey).delete(exit.validatorIndex);
      const code = error instanceof DvtError ? error.code : "INTERNAL";
      resultsNotServed.waits(exitKeyOf(exit), {code}, (error as Error).message);
      return false;
    }
  };

  /** Whether the aggregator made it and the oracles can use it: checked once, as `dvt operator request` checks it. */
  const isGood = (exit: ExitId, publicKey: PublicKey, result: ExitResult): Promise<boolean> => {
    const known = checks.get(result) ?? check(exit, publicKey, result);
    checks.set(result, known);
    return known;
  };

  return {
    find: ({publicKey, validatorIndex}: ExitId, {configHash}: OracleSet): ExitResult | undefined =>
      bySet.get(configHash)?.get(publicKey)?.get(validatorIndex),
    /** Adds a result that was read from the store for this set. */
    add(exit: ExitId, oracleSet: OracleSet, result: ExitResult): void {
      const results = resultsOf(oracleSet, exit.publicKey);
      results.delete(exit.validatorIndex);
      results.set(exit.validatorIndex, result);
      setOf.set(result, oracleSet);
      const [oldest] = results.keys();
      if (results.size > indexesKept && oldest !== undefined) results.delete(oldest);
    },
    /** The encrypted shards of the exit's result; null when there is none, or it is not good. */
    async goodShards({exit, validator, result}: FoundResult): Promise<OraclesExitSignatureShares | null> {
      if (!result || !(await isGood(exit, validator.publicKey, result))) return null;
      return {public_keys: result.public_keys, encrypted_exit_signatures: result.encrypted_exit_signatures};
    },
  };
}
