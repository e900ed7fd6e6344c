import type {Deposit} from "../../schemas/deposit.js";
import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import type {CompletedExit, ExitsOutcome, RejectedExit, RequestedExit} from "../client/outcome.js";
import {depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf} from "../exits/exitId.js";
import {placeInTurn} from "../registry/placeInTurn.js";
import {indexesAhead, roundsAhead} from "../registry/roundsAhead.js";
import type {Logger} from "../runtime/logger.js";

/** A validator that a vault wants: its public key (48 bytes in lower-case hex with 0x), and what is staked on it. */
export type WantedValidator = {readonly publicKey: string; readonly deposit: Deposit};

/** A validator that can be registered at this index: its deposit is signed, and its exit split among the oracles. */
export type ReadyValidator = WantedValidator & {
  readonly validatorIndex: number;
  /** 96 bytes in hex with 0x */
  readonly depositSignature: string;
  readonly shards: OraclesExitSignatureShares;
};

/** What came of asking: all of them in the order of their indexes, or what is lacking; "changed": the oracle set did, meanwhile. */
export type Readiness =
  | "changed"
  | {readonly ready: readonly ReadyValidator[]}
  | {readonly rejected: readonly RejectedExit[]; readonly missing: readonly ExitId[]};

type Options = {
  readonly network: ExitId["network"];
  /** Asks on the bus, and waits. One request at a time. */
  readonly request: (exits: readonly Omit<RequestedExit, "network">[], signal: AbortSignal) => Promise<ExitsOutcome>;
  /** How many indexes beyond the next ones are asked for ahead. */
  readonly ahead?: number;
  readonly logger: Logger;
};

/**
 * Exits of validators that are about to be registered. An exit is valid at one index, and any deposit by somebody else moves all of
 * them: so exits at the indexes that come next are asked for ahead. The validators are taken in turn: after a move by one, the
 * others keep theirs, and the first one comes last. n validators need n + `ahead` exits.
 */
export function createReadyExits({network, request, ahead = indexesAhead, logger}: Options) {
  const exits = new Map<string, CompletedExit>();
  const signatures = new Map<string, string>();
  let background: {readonly stop: AbortController; readonly done: Promise<void>} | undefined;

  const exitAt = (publicKey: string, validatorIndex: number): ExitId => ({network, publicKey, validatorIndex});
  const find = (publicKey: string, index: number, configHash: string): CompletedExit | undefined => {
    const found = exits.get(exitKeyOf(exitAt(publicKey, index)));
    return found?.oraclesConfigHash === configHash ? found : undefined;
  };
  const signatureOf = ({publicKey, deposit}: WantedValidator): string | undefined =>
    signatures.get(depositKeyOf({network, publicKey, deposit}));
  const keep = ({completed}: ExitsOutcome): void => {
    for (const it of completed) {
      exits.set(exitKeyOf(it.exit), it);
      const {signature, ...deposit} = it.deposit ?? {signature: undefined};
      if (signature === undefined) continue;
      signatures.set(depositKeyOf({network, publicKey: it.exit.publicKey, deposit: deposit as Deposit}), signature);
    }
  };

  const stopBackground = async (): Promise<void> => {
    background?.stop.abort();
    await background?.done;
    background = undefined;
  };

  const askAhead = async (placed: readonly ReadyValidator[], configHash: string, signal: AbortSignal) => {
    for (const round of roundsAhead(placed, placed[0]?.validatorIndex ?? 0, ahead)) {
      if (signal.aborted) return;
      const lacking = round
        .filter(({publicKey, validatorIndex}) => !find(publicKey, validatorIndex, configHash))
        .map(({publicKey, validatorIndex}) => ({publicKey, validatorIndex}));
      if (lacking.length > 0) keep(await request(lacking, signal));
    }
  };

  return {
    /** Waits until all of them have their exits from `startIndex` on, for the oracle set with this hash, and signed deposits. */
    async get(
      startIndex: number,
      wanted: readonly WantedValidator[],
      {configHash, signal}: {readonly configHash: string; readonly signal: AbortSignal},
    ): Promise<Readiness> {
      // An index that is taken never comes back, but for a reorganisation.
      for (const [key, {exit}] of exits) if (exit.validatorIndex < startIndex - ahead) exits.delete(key);
      const isReady = ({publicKey}: WantedValidator, index: number): boolean => find(publicKey, index, configHash) !== undefined;
      const placed = placeInTurn(wanted, startIndex, isReady).map((it, position) => ({
        ...it,
        validatorIndex: startIndex + position,
      }));
      const lacking = placed.filter((it) => !find(it.publicKey, it.validatorIndex, configHash) || signatureOf(it) === undefined);
      if (lacking.length > 0) {
        await stopBackground();
        const outcome = await request(lacking, signal);
        keep(outcome);
        const {rejected, missing} = outcome;
        if (rejected.length > 0 || missing.length > 0) return {rejected, missing};
      }
      const ready = placed.flatMap((it): ReadyValidator[] => {
        const exit = find(it.publicKey, it.validatorIndex, configHash);
        const depositSignature = signatureOf(it);
        return exit && depositSignature !== undefined ? [{...it, depositSignature, shards: exit.result}] : [];
      });
      return ready.length === placed.length ? {ready} : "changed";
    },
    /** Asks for the exits at the indexes after these, in the background. */
    prepareAhead(ready: readonly ReadyValidator[], configHash: string): void {
      if (ready.length === 0 || background) return;
      const stop = new AbortController();
      const done = askAhead(ready, configHash, stop.signal)
        .catch(({message}: Error) => logger.warn({error: message}, "exits of later indexes not asked for"))
        .finally(() => {
          background = undefined;
        });
      background = {stop, done};
    },
    stop: stopBackground,
  };
}
/** Exits that are ready, or asked for. */
export type ReadyExits = ReturnType<typeof createReadyExits>;
