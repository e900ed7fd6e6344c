import type {JsMsg} from "nats";
import {type Allowance, openBalance} from "../runtime/allowance.js";
import {createDropLog, type Reporting} from "./dropLog.js";

/** Refusals of what a sender only passes on, such as another's order: they spend none of its allowance. */
export type PassedOn = {
  has(code: string): boolean;
  /** Whether a refusal with this code may have a dead letter of its own; each code has an allowance of these. */
  mayReport(code: string): boolean;
  /** One had a dead letter of its own. */
  reported(code: string): void;
  /** Counts one in the dead letter that many share. */
  count(code: string, message: JsMsg): void;
  stop(): Promise<void>;
};

type Options = Reporting & {
  readonly codes: readonly string[];
  readonly allowance: Allowance;
};

const reason = "refused like those before it; their letters say why";
const logged = "messages refused without dead letters of their own";

/** Bounds what refusals with these codes leave in the log and among the dead letters, whoever provokes them. */
export function createPassedOn({codes, allowance, ...reporting}: Options): PassedOn {
  const byCode = new Map(
    codes.map((code) => [code, {balance: openBalance(allowance), counted: createDropLog(reporting, {code, reason, logged})}]),
  );
  return {
    has: (code) => byCode.has(code),
    mayReport: (code) => (byCode.get(code)?.balance.left() ?? 1) >= 1,
    reported: (code) => byCode.get(code)?.balance.spend(),
    count: (code, message) => byCode.get(code)?.counted.add(message),
    async stop() {
      for (const {counted} of byCode.values()) await counted.stop();
    },
  };
}
