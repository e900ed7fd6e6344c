import {NatsError} from "nats";
import {type Enrolment, enrolment} from "../../schemas/enrolment.js";
import {DvtError} from "../errors.js";
import {inviteeOf} from "./accounts.js";
import {dialAs} from "./dialAs.js";
import {encode} from "./encode.js";
import {type Identity, toIdentity} from "./identity.js";
import {parseNatsServers} from "./natsServers.js";
import {signMessage} from "./signature.js";

/** The connection of somebody who was invited: it can say once who enrols, and nothing else. */
export type InviteeConnection = {
  /** Publishes the enrolment, signed by the nkey that enrols. INVITATION_USED if one was stored before; BUS_UNAVAILABLE. */
  enrol(identity: Identity, payload: Enrolment): Promise<void>;
  /** Resolves when the server has ended it, as it does when the invitation is used up, or when it was closed here. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
};

type Options = {url: string; caFile?: string | undefined; invitationId: string; secret: string};

/** Logs in with the secret of an invitation. BUS_UNAVAILABLE if no server answers or accepts it; CONFIG_INVALID; LOGIN_NONCE_INVALID. */
export async function connectInvitee({url, caFile, invitationId, secret}: Options): Promise<InviteeConnection> {
  const invitee = toIdentity(inviteeOf(invitationId), secret);
  const servers = parseNatsServers(url, {hasAuthority: caFile !== undefined});
  const {connection} = await dialAs(invitee, servers, caFile, {reloadMs: 0, reconnect: false, pingInterval: 10_000});
  return {
    async enrol(identity, payload) {
      const {subject, data} = encode(enrolment, payload);
      const headers = signMessage(identity, subject, data);
      await connection
        .jetstream()
        .publish(subject, data, {headers, timeout: 5000})
        .catch((cause: unknown) => {
          throw toDvtError(cause);
        });
    },
    ended: connection.closed().then(() => undefined),
    close: () => connection.close(),
  };
}

/** JetStream's err_code for a subject that has reached max_msgs_per_subject under discard_new_per_subject. */
const maximumMessagesPerSubject = 10077;

function toDvtError(cause: unknown): DvtError {
  if (!(cause instanceof NatsError)) throw cause;
  if (cause.api_error?.err_code === maximumMessagesPerSubject) {
    return new DvtError(
      "INVITATION_USED",
      "enrol: this invitation was already used. If that was not you, tell the administrator: whoever used it has seen the invitation, " +
        "and is taken only with a proof or a code. Ask for a new one",
      {cause},
    );
  }
  return new DvtError("BUS_UNAVAILABLE", `enrol: ${cause.message || cause.code}`, {cause});
}
