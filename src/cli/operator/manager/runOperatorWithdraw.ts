import {createWithdrawal} from "../../../registration/operations/createWithdrawal.js";
import {typedText} from "../../../vaults/amountText.js";
import type {KeyAmount} from "../../../vaults/validatorsManager.js";
import {requestLines} from "../earlierText.js";
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
      create: (opened) => createWithdrawal({...opened, amountText: typedText(opened.network.name)}, validators),
      lines: (unit) =>
        requestLines({kind: "withdraw", validators: validators.map(({publicKey, amount}) => ({publicKey, asked: amount}))}, unit),
    },
    env,
  );
