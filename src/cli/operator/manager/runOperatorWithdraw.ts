import {createWithdrawal} from "../../../registration/operations/createWithdrawal.js";
import type {KeyAmount} from "../../../vaults/validatorsManager.js";
import {stakeText} from "../register/stepText.js";
import {type OperationOptions, runOperation} from "./runOperation.js";

export type OperatorWithdrawOptions = OperationOptions & {validators: readonly KeyAmount[]};

/** Runs `dvt operator withdraw` and returns its exit status. */
export const runOperatorWithdraw = ({validators, ...options}: OperatorWithdrawOptions, env: NodeJS.ProcessEnv): Promise<number> =>
  runOperation(
    options,
    {
      kind: "withdraw",
      call: "withdrawValidators",
      question: "Withdraw them?",
      needsOracles: false,
      create: (opened) => createWithdrawal(opened, validators),
      lines: (unit) =>
        validators.map(({publicKey, amount}) =>
          amount === 0 ? `${publicKey} all of it: the validator exits` : `${publicKey} ${stakeText(amount, unit)}`,
        ),
    },
    env,
  );
