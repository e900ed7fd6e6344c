import {onTestFinished} from "vitest";
import {createAnswers} from "../../src/answers/createAnswers.js";
import type {DepositRules} from "../../src/exits/depositRules.js";
import type {MessageCounts} from "../../src/messaging/messageCounts.js";
import {createDepositPolicy} from "../../src/policy/depositPolicy.js";
import {openExitLog} from "../../src/policy/exitLog.js";
import {createPolicy, defaultIndexesPerKeyPerDay, longestWindowMs, type PolicyRules} from "../../src/policy/policy.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {startSidecar} from "../../src/sidecar/startSidecar.js";
import {keySharesOf, type Stage} from "./stage.js";

const asUsersHaveThem: PolicyRules = {
  exitsPerHour: 1000,
  indexesPerKeyPerDay: defaultIndexesPerKeyPerDay({asksTheChain: false}),
  allowActiveValidators: false,
};

type Options = {
  shareIndex?: number;
  rules?: Partial<PolicyRules>;
  depositRules?: Partial<DepositRules>;
  counts?: MessageCounts;
  patienceMs?: number;
};

/** A sidecar that holds a share of every validator of cluster c1, on its own account. Returns what ends it. */
export async function startTestSidecar(
  stage: Stage,
  path: string,
  {shareIndex = 1, rules = {}, depositRules = {}, counts, ...waiting}: Options = {},
): Promise<() => Promise<void>> {
  const {network, logger} = stage.relayer;
  const bus = await stage.busOf(`sidecar-c1-${shareIndex}`);
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  const locking = {logger, signal: shutdown.signal, onLost: shutdown.fail};
  const log = await openExitLog(path, {network, clusterId: "c1", shareIndex, keepMs: longestWindowMs, ...locking}, Date.now());
  shutdown.onStop(log.close);
  await startSidecar(
    {
      network,
      clusterId: "c1",
      keyShares: keySharesOf(stage.dealt, shareIndex),
      logger,
      policy: createPolicy({...asUsersHaveThem, ...rules}, log),
      depositPolicy: createDepositPolicy({withdrawalAddressOf: () => undefined, ...depositRules}, log),
      answers: createAnswers(bus, {sidecar: {network, clusterId: "c1", shareIndex}, aggregatorKey: () => stage.aggregatorKey}),
      orderLifetimeMs: 7 * 86_400_000,
      bus,
      now: () => Date.now(),
      ...(counts && {counts}),
    },
    shutdown,
    waiting,
  );
  return shutdown.stop;
}
