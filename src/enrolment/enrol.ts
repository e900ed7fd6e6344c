import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../errors.js";
import {type Bus, connectBus} from "../messaging/connect.js";
import {connectInvitee, type InviteeConnection} from "../messaging/connectInvitee.js";
import type {Identity} from "../messaging/identity.js";
import type {Participants} from "../participants/participants.js";
import type {Logger} from "../runtime/logger.js";
import {type Invitation, participantOf} from "./invitation.js";
import type {Proof} from "./proof.js";

export type EnrolOptions = {
  readonly invitation: Invitation;
  /** Of the nkey that enrols. */
  readonly identity: Identity;
  readonly proof: Proof | undefined;
  /** Path of the certificate of the bus's authority, if the invitation has one. */
  readonly caFile: string | undefined;
  /** Of this software. */
  readonly version: string;
  /** Whether the same nkey may have been sent before, by a command that was interrupted. */
  readonly isRepeated: boolean;
  /**
   * Called once the bus has an enrolment on this invitation. `isOwn`: it is this one for certain. Otherwise an earlier attempt may have
   * stored it, or somebody else: the bus tells an invitee only that there is one.
   */
  readonly onSent: (sent: {isOwn: boolean}) => void | Promise<void>;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly retryMs?: number;
  /** How long the bus may be unavailable at first, as while it reloads. */
  readonly reloadMs?: number;
};

/**
 * Says on the bus who enrols, and resolves with this nkey's own connection once the administrator has taken it. The server ends the
 * invitee's connection at that moment. INVITATION_EXPIRED, INVITATION_USED; BUS_UNAVAILABLE if the bus does not answer for `reloadMs` at first; an
 * AbortError if `signal` aborts.
 */
export async function enrol(options: EnrolOptions): Promise<Bus> {
  const {invitation, signal, onSent, retryMs = 30_000} = options;
  // Taken already, if an earlier command was interrupted after it was sent.
  const before = options.isRepeated ? await logIn(options) : undefined;
  if (before) return before;
  assertFresh(invitation);
  const sent = await send(options);
  let connection: InviteeConnection | undefined = sent.connection;
  await onSent(sent);
  try {
    for (;;) {
      // Once the server has ended it, the new account is there as soon as the servers have reloaded.
      await waitForEnd(connection, connection ? retryMs : afterEndMs, signal);
      const own = await logIn(options);
      if (own) return own;
      assertFresh(invitation);
      if (await hasEnded(connection)) connection = await connect(options).catch(() => undefined);
    }
  } finally {
    await connection?.close();
  }
}

const afterEndMs = 500;

const connect = ({invitation, caFile}: EnrolOptions): Promise<InviteeConnection> =>
  connectInvitee({url: invitation.bus.url, caFile, invitationId: invitation.id, secret: invitation.secret});

type Sent = {readonly connection: InviteeConnection; readonly isOwn: boolean};

/** While the servers reload, as they do for each node that is taken, they refuse logins and requests for a moment: so it tries again. */
async function send(options: EnrolOptions): Promise<Sent> {
  const {signal, isRepeated, reloadMs = 5000} = options;
  const until = performance.now() + reloadMs;
  let isSent = isRepeated;
  const onSending = (): void => {
    isSent = true;
  };
  for (;;) {
    try {
      return await sendOnce({...options, isRepeated: isSent}, onSending);
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > until) throw error;
      await delay(afterEndMs, undefined, {signal});
    }
  }
}

async function sendOnce(options: EnrolOptions, onSending: () => void): Promise<Sent> {
  const {invitation, identity, proof, version, isRepeated} = options;
  const connection = await connect(options);
  try {
    onSending();
    await connection.enrol(identity, {
      network: invitation.network,
      invitation: invitation.id,
      participant: participantOf(invitation),
      nkey: identity.nkey,
      version,
      ...(proof && {proof}),
    });
    return {connection, isOwn: true};
  } catch (error) {
    if (isRepeated && error instanceof DvtError && error.code === "INVITATION_USED") return {connection, isOwn: false};
    await connection.close();
    throw error;
  }
}

const isUnavailable = (error: unknown): boolean => error instanceof DvtError && error.code === "BUS_UNAVAILABLE";

async function waitForEnd(connection: InviteeConnection | undefined, atMostMs: number, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  const either = AbortSignal.any([signal, timer.signal]);
  const time = delay(atMostMs, undefined, {signal: either}).catch(() => undefined);
  await (connection ? Promise.race([connection.ended, time]) : time);
  timer.abort();
  signal.throwIfAborted();
}

const hasEnded = async (connection: InviteeConnection | undefined): Promise<boolean> =>
  connection === undefined || (await Promise.race([connection.ended.then(() => true), delay(0, false)]));

/** The connection of the nkey that enrolled; undefined while the bus does not know it. */
async function logIn({invitation, identity, caFile, logger}: EnrolOptions): Promise<Bus | undefined> {
  const participants = whoIsKnown(invitation);
  try {
    return await connectBus({url: invitation.bus.url, identity, participants, caFile, reloadMs: 0, logger});
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

/** Whom somebody knows who was invited: enough to tell what the administrator has signed, which is all that is read. */
const whoIsKnown = ({network, admin, aggregator}: Invitation): Participants => ({
  network,
  admin: {nkey: admin},
  relayer: {nkey: aggregator.nkey},
  aggregator: {nkey: aggregator.nkey},
  operators: [],
  viewers: [],
  clusters: [],
  aggregatorKeys: [],
});

/** INVITATION_EXPIRED from the second that the invitation names. */
export function assertFresh({expires}: Pick<Invitation, "expires">): void {
  if (Date.now() < expires * 1000) return;
  throw new DvtError(
    "INVITATION_EXPIRED",
    `enrol: the invitation expired at ${new Date(expires * 1000).toISOString()}; ask the administrator for a new one`,
  );
}
