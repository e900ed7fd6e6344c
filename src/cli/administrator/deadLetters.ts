import {networks} from "../../consensus/networks.js";
import {DvtError} from "../../errors.js";
import type {Bus} from "../../messaging/connect.js";
import {deleteDeadLetters, readDeadLetters, type StoredLetter} from "../../messaging/deadLetters.js";
import {loadParticipants} from "../../participants/participants.js";
import {parseEnv} from "../../runtime/env.js";
import {createLogger} from "../../runtime/logger.js";
import {printable} from "../../runtime/printable.js";
import {userPath} from "../../runtime/userPath.js";
import {withoutWaiting} from "../../runtime/waitFor.js";
import {connectStore} from "../../store/connect.js";
import {createOrders} from "../../store/orders.js";
import {createRequests} from "../../store/requests.js";
import {DeadLettersEnv, DeadLettersRetryEnv} from "../env/administratorEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {terminal} from "../terminal.js";
import {toJsonLines, toTable} from "./deadLettersTable.js";
import {retryLetter} from "./retryLetter.js";

/** Selects the letters that match every given field. */
export type LetterChoice = {stream?: string; code?: string; seq?: number[]};

type Config = ReturnType<typeof parseEnv<typeof DeadLettersEnv>>;

/** Runs `dvt dead-letters list`. */
export const runDeadLettersList = (
  {json = false, ...choice}: LetterChoice & {json?: boolean},
  env: NodeJS.ProcessEnv,
): Promise<void> =>
  withBus(parseEnv(DeadLettersEnv, env), env, async (bus) => {
    const letters = chosen(await readDeadLetters(bus), choice);
    terminal.out(json ? toJsonLines(letters) : letters.length > 0 ? toTable(letters) : "no dead letters\n");
  });

/** Runs `dvt dead-letters drop`. */
export const runDeadLettersDrop = (
  {all = false, ...choice}: LetterChoice & {all?: boolean},
  env: NodeJS.ProcessEnv,
): Promise<void> => {
  if (!all && Object.keys(choice).length === 0) {
    throw new DvtError("USAGE", "dead-letters drop: no letters selected; give --stream, --code, --seq or --all");
  }
  return withBus(parseEnv(DeadLettersEnv, env), env, async (bus) => {
    const letters = chosen(await readDeadLetters(bus), choice);
    await deleteDeadLetters(
      bus,
      letters.map(({seq}) => seq),
    );
    terminal.out(`${letters.length} dropped\n`);
  });
};

/** Runs `dvt dead-letters retry`; returns 2 if letters cannot be retried, and leaves those in place. */
export async function runDeadLettersRetry(choice: LetterChoice, env: NodeJS.ProcessEnv): Promise<number> {
  const config = parseEnv(DeadLettersRetryEnv, env);
  return withBus(config, env, async (bus, logger) => {
    const letters = chosen(await readDeadLetters(bus), choice);
    const store = await connectStore(config.MONGODB_URL, logger);
    try {
      const network = networks[config.NETWORK];
      const requests = createRequests(store.db, {logger, mayAsk: () => true});
      const orders = createOrders(store.db, network, logger);
      let kept = 0;
      for (const stored of letters) {
        const {what, obstacle} = await retryLetter({network, requests, orders}, stored);
        if (obstacle === undefined) await deleteDeadLetters(bus, [stored.seq]);
        else kept++;
        terminal.out(`${stored.seq} ${printable(what)}: ${obstacle ?? "requested again"}\n`);
      }
      terminal.out(`${letters.length - kept} of ${letters.length} retried\n`);
      return kept === 0 ? 0 : 2;
    } finally {
      await store.close();
    }
  });
}

const chosen = (letters: readonly StoredLetter[], {stream, code, seq}: LetterChoice): StoredLetter[] =>
  letters.filter(
    (stored) =>
      (stream === undefined || stored.subject.split(".")[3] === stream) &&
      (code === undefined || stored.letter?.code === code) &&
      (seq === undefined || seq.includes(stored.seq)),
  );

async function withBus<T>(
  config: Config,
  env: NodeJS.ProcessEnv,
  work: (bus: Bus, logger: ReturnType<typeof createLogger>) => Promise<T>,
): Promise<T> {
  const logger = createLogger({role: "admin", level: config.LOG_LEVEL, format: config.LOG_FORMAT});
  const participants = await loadParticipants(userPath(config.PARTICIPANTS_FILE, env), config.NETWORK);
  const bus = await connectAs("admin", participants.admin.nkey, {participants, config, env, logger, waitFor: withoutWaiting});
  try {
    return await work(bus, logger);
  } finally {
    await bus.close();
  }
}
