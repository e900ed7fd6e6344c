import {createConsolidation} from "../../../registration/operations/createConsolidation.js";
import type {Consolidation} from "../../../vaults/validatorsManager.js";
import {requestLines} from "../earlierText.js";
import {type OperationOptions, runOperation} from "./runOperation.js";

export type OperatorConsolidateOptions = OperationOptions & {validators: readonly Consolidation[]};

/** Runs `dvt operator consolidate` and returns its exit status. */
export const runOperatorConsolidate = (
  {validators, ...options}: OperatorConsolidateOptions,
  env: NodeJS.ProcessEnv,
): Promise<number> =>
  runOperation(
    options,
    {
      kind: "consolidate",
      call: "consolidateValidators",
      question: "Consolidate them?",
      needsOracles: validators.some(({source, target}) => source === target),
      create: (opened, checker) =>
        createConsolidation(
          {
            ...opened,
            checker,
            limit: () => opened.oracles.protocolConfig().batchLimits.consolidation,
          },
          validators,
        ),
      lines: (unit) =>
        requestLines(
          {kind: "consolidate", validators: validators.map(({source, target}) => ({publicKey: source, asked: target}))},
          unit,
        ),
    },
    env,
  );
