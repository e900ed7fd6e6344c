import type {ExitsOutcome, OnProgress} from "../../client/outcome.js";
import {type RequestExitsOptions, requestExits} from "../../client/requestExits.js";
import {toResultsFile} from "../../client/results.js";
import {readResults} from "../../client/resultsFile.js";
import type {ExitId} from "../../exits/exitId.js";
import type {ValidatorRegistry} from "../../registry/validatorRegistry.js";
import {writeFileAtomic} from "../../runtime/files.js";
import {askStatus} from "../../status/askStatus.js";
import {createProgress} from "../progress.js";
import {terminal} from "../terminal.js";
import {followMissing} from "./followMissing.js";
import {outcomeJson} from "./outcomeJson.js";
import {outcomeText} from "./outcomeText.js";
import {readMissing} from "./readMissing.js";
import {requestAtNextIndex} from "./requestAtNextIndex.js";

type Options = Omit<RequestExitsOptions, "validators" | "onProgress" | "patienceMs"> & {
  readonly validators: readonly Omit<RequestExitsOptions["validators"][number], "validatorIndex">[];
  /** Says the next index where `startIndex` is not given. */
  readonly registry: ValidatorRegistry | undefined;
  readonly startIndex: number | undefined;
  /** Path of the results file; undefined: standard output. */
  readonly output: string | undefined;
  readonly json: boolean;
};

/** The exit status of a request, by what is worst in its outcome. */
export const requestStatus = {completed: 0, rejected: 2, missing: 75} as const;

/** How often somebody is told whose turn it is: on a terminal, and in a log. */
const [followMs, followLogMs] = [5000, 60_000];
const lastAnswerMs = 5000;

/** Requests the exits, shows whose turn it is meanwhile, writes the results, and returns the exit status. */
export async function requestAndReport(options: Options): Promise<number> {
  const {bus, network, output, json, logger} = options;
  const progress = createProgress("exits");
  const reader = askStatus(bus);
  const waits: number[] = [];
  let unanswered = (): readonly ExitId[] => [];
  const startedAt = performance.now();
  const onProgress: OnProgress = ({answered, rejected, total, unanswered: now, exit, completed}) => {
    unanswered = now;
    if (exit && completed) waits.push(Math.round(performance.now() - startedAt));
    progress.show(answered, total, rejected > 0 ? `, ${rejected} of them rejected` : "");
  };
  const everyMs = process.stderr.isTTY ? followMs : followLogMs;
  const following = followMissing({reader, missing: () => unanswered(), onTurn: progress.tell, everyMs, logger});
  let outcome: ExitsOutcome;
  try {
    outcome = await requestAll(options, onProgress);
  } finally {
    void following.stop();
    progress.end();
  }
  const before = output === undefined ? [] : await readResults(output, network.name);
  const results = toResultsFile(network.name, outcome.completed, before);
  if (output === undefined) terminal.out(results);
  else await writeFileAtomic(output, results);

  const {completed, rejected, missing} = outcome;
  const read = missing.length > 0 ? await readMissing(reader, missing, AbortSignal.timeout(lastAnswerMs)) : undefined;
  const told = {medianMs: waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)], read};
  const {summary, details} = outcomeText({completed, rejected, missing}, told);
  (output === undefined || json ? terminal.err : terminal.out)(summary);
  terminal.err(details);
  if (json) terminal.out(outcomeJson(outcome, told));
  if (rejected.length > 0) return requestStatus.rejected;
  return missing.length > 0 ? requestStatus.missing : requestStatus.completed;
}

function requestAll({validators, registry, startIndex = 0, ...options}: Options, onProgress: OnProgress): Promise<ExitsOutcome> {
  const request = (first: number): Promise<ExitsOutcome> =>
    requestExits({
      ...options,
      validators: validators.map((it, position) => ({...it, validatorIndex: first + position})),
      onProgress,
    });
  const publicKeys = validators.map(({publicKey}) => publicKey);
  return registry ? requestAtNextIndex({publicKeys, registry, request, logger: options.logger}) : request(startIndex);
}
