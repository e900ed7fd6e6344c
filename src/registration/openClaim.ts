import {randomBytes} from "node:crypto";
import {setTimeout as delay} from "node:timers/promises";
import type {NetworkName} from "../../schemas/fields.js";
import {registration, registrationSubject} from "../../schemas/registration.js";
import {DvtError} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {readBusTime} from "../messaging/consumer.js";
import {publishIfLast} from "../messaging/publishIfLast.js";
import {operatorDurable} from "../messaging/topology.js";
import type {Logger} from "../runtime/logger.js";
import {type Claim, type Claimed, createClaim, crowded, mostAttempts, type Saying} from "./claim.js";
import {createClaimReader, type Said} from "./createClaimReader.js";
import type {PendingWire} from "./pending.js";

type Options = {
  readonly network: NetworkName;
  /** In lower-case hex with 0x. A wallet is claimed as a vault is, under its own address, which is no vault's. */
  readonly vault: string;
  /** What it is the address of. */
  readonly claimed?: "vault" | "wallet";
  /** Whose connection it is. */
  readonly operatorId: string;
  readonly logger: Logger;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** How long to wait for another's claim; that of a process that was killed lasts a tenth longer than its lease. */
  readonly waitMs?: number;
  readonly leaseMs?: number;
};

/** Who holds a vault, and until when at least, by the bus's clock. */
type Holder = {readonly operatorId: string; readonly untilMs: number};

const pollEveryMs = 1000;
/** The servers' clocks date messages, and their holders stop by the time that passes: leases last this much longer for everybody else. */
const leeway = 1.1;

/**
 * Claims a vault, so that no other process registers for it, of this operator or of one that it shares a cluster with. Likewise
 * a wallet, so that no other process sends from it. VAULT_IN_USE or WALLET_IN_USE if another holds it, after `waitMs`; STREAMS_MISSING, BUS_UNAVAILABLE, QUOTA_FULL; an AbortError if `signal` aborts.
 */
export async function openClaim(bus: Bus, options: Options): Promise<Claim> {
  const {network, vault, claimed = "vault", operatorId, logger, leaseMs = 60_000} = options;
  const process = randomBytes(16).toString("hex");
  const filter = registrationSubject({network, operator_id: "*", vault});
  const parts = {
    vault,
    claimed,
    process,
    leaseMs,
    logger,
    read: createClaimReader(bus, options),
    say: ({pending, leaseMs: lease_ms, after}: Saying) => {
      const payload = {network, operator_id: operatorId, vault, process, lease_ms, ...pending};
      return publishIfLast(bus, registration, payload, {seq: after, filter});
    },
  };
  const free = createWait(bus, {...options, ...parts});
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    const {last, lastSeq} = await free();
    const pending = toPendingWire(last?.registration);
    const sentAt = performance.now();
    const seq = await parts.say({pending, leaseMs, after: lastSeq});
    if (seq !== undefined) return createClaim({seq, pending, sentAt} satisfies Claimed, parts);
  }
  throw crowded(parts);
}

type Waiting = Options & {readonly claimed: "vault" | "wallet"; readonly process: string; readonly read: () => Promise<Said>};

/** Nothing else of an earlier message goes into the next one. */
const toPendingWire = ({pending, operation}: PendingWire = {}): PendingWire => ({
  ...(pending && {pending}),
  ...(operation && {operation}),
});

/** Resolves with what was said once nobody else holds the vault. */
function createWait(
  bus: Bus,
  {vault, claimed, process, read, logger, signal, operatorId, waitMs = 0}: Waiting,
): () => Promise<Said> {
  const until = performance.now() + waitMs;
  let isLogged = false;
  const findHolder = async ({last}: Said): Promise<Holder | undefined> => {
    if (!last || last.registration.process === process) return undefined;
    const {operator_id, lease_ms} = last.registration;
    const untilMs = last.storedMs + lease_ms * leeway;
    const isHeld = lease_ms > 0 && (await readBusTime(bus, "COMPLETIONS", operatorDurable(operatorId))) < untilMs;
    return isHeld ? {operatorId: operator_id, untilMs} : undefined;
  };
  return async () => {
    for (;;) {
      signal.throwIfAborted();
      const said = await read();
      const holder = await findHolder(said);
      if (!holder) return said;
      const leftMs = until - performance.now();
      if (leftMs <= 0) throw inUse[claimed](vault, holder);
      if (!isLogged) logger.warn({[claimed]: vault, operator: holder.operatorId}, waits[claimed]);
      isLogged = true;
      await delay(Math.min(leftMs, pollEveryMs), undefined, {signal});
    }
  };
}

const waits = {
  vault: "another process registers for the vault, waiting until it ends",
  wallet: "another process sends from the wallet, waiting until it ends",
} as const;
const untilText = ({operatorId, untilMs}: Holder): string =>
  `a process of operator ${operatorId} does, until ${new Date(untilMs).toISOString()} or longer`;
const inUse = {
  vault: (vault: string, holder: Holder): DvtError =>
    new DvtError(
      "VAULT_IN_USE",
      `register for vault ${vault}: ${untilText(holder)}; stop it, on whichever machine it runs, or run this again after that`,
    ),
  wallet: (wallet: string, holder: Holder): DvtError =>
    new DvtError(
      "WALLET_IN_USE",
      `send from wallet ${wallet}: ${untilText(holder)}; set another WALLET_KEY_FILE, stop it, on whichever machine it runs, or run this again after that`,
    ),
} as const;
