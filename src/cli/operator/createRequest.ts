import type {ExitsOutcome, RequestedExit} from "../../client/outcome.js";
import {requestExits} from "../../client/requestExits.js";
import type {Network} from "../../consensus/networks.js";
import type {Bus} from "../../messaging/connect.js";
import type {LiveOracles} from "../../oracles/liveOracles.js";
import {parseDurationMs} from "../../runtime/duration.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import type {StartContext} from "../roleProcess.js";

type Options = Pick<StartContext, "logger" | "shutdown"> & {
  readonly network: Network;
  readonly config: {readonly OPERATOR_ID: string; readonly RESEND_AFTER: string};
  readonly files: LiveFiles;
  readonly oracles: LiveOracles;
  readonly timeoutMs: number;
};

/** Asks for exits on the bus as the operator, and waits. One request at a time. */
export type Request = (exits: readonly Omit<RequestedExit, "network">[], signal: AbortSignal) => Promise<ExitsOutcome>;

/** Its results are those of the aggregator that participants.json names at the time. */
export const createRequest =
  (bus: Bus, {network, config, files, oracles, timeoutMs, logger, shutdown}: Options): Request =>
  (validators, signal) =>
    requestExits({
      bus,
      network,
      operatorId: config.OPERATOR_ID,
      aggregatorNkey: files.participants().aggregator.nkey,
      oracles,
      validators,
      timeoutMs,
      resendAfterMs: parseDurationMs(config.RESEND_AFTER),
      signal: AbortSignal.any([shutdown.signal, signal]),
      logger,
    });
