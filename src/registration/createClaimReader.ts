import type {NetworkName} from "../../schemas/fields.js";
import {type Registration, registration, registrationSubject} from "../../schemas/registration.js";
import {DvtError} from "../errors.js";
import type {Bus} from "../messaging/connect.js";
import {decode} from "../messaging/decode.js";
import {readNext, type StoredMessage} from "../messaging/readNext.js";
import {verifyMessage} from "../messaging/signature.js";
import type {Participants} from "../participants/participants.js";
import type {Logger} from "../runtime/logger.js";

/** What operators have said about a vault. */
export type Said = {
  /** The last message about it, whether it counts or not; 0 if there is none. */
  readonly lastSeq: number;
  /** The last one that counts. */
  readonly last: {readonly registration: Registration; readonly storedMs: number} | undefined;
};

type Options = {
  readonly network: NetworkName;
  /** In lower-case hex with 0x. */
  readonly vault: string;
  /** Who reads. */
  readonly operatorId: string;
  readonly logger: Logger;
};

/**
 * Reads what is said about a vault. Only the word of operators counts that may ask for a cluster that the reader may ask for too: nobody
 * else can keep it from registering. The reader throws STREAMS_MISSING, BUS_UNAVAILABLE; it ignores what it cannot read, and logs that once.
 */
export function createClaimReader(bus: Bus, {network, vault, operatorId, logger}: Options): () => Promise<Said> {
  const filter = registrationSubject({network, operator_id: "*", vault});
  const ignored = new Set<string>();

  const open = async (message: StoredMessage): Promise<Said["last"]> => {
    const {subject, data, headers, timestampMs} = message;
    try {
      await verifyMessage(bus.publishers(subject), subject, data, headers);
      return {registration: decode(registration, subject, data), storedMs: timestampMs};
    } catch (error) {
      if (!(error instanceof DvtError)) throw error;
      const {code, message: reason} = error;
      if (!ignored.has(`${subject} ${code}`)) logger.warn({subject, code, reason}, "registration not readable, it is ignored");
      ignored.add(`${subject} ${code}`);
      return undefined;
    }
  };
  return async () => {
    const counting = partnersOf(bus.participants(), operatorId).map((id) =>
      registrationSubject({network, operator_id: id, vault}),
    );
    const seen = new Set<string>();
    let lastSeq = 0;
    let last: Said["last"];
    for (;;) {
      const message = await readNext(bus, registration.stream, {seq: lastSeq + 1, filter});
      // Whoever writes all the time does not keep this from ending: what comes later is found by whoever publishes.
      if (!message || seen.has(message.subject)) return {lastSeq, last};
      seen.add(message.subject);
      lastSeq = message.seq;
      if (counting.includes(message.subject)) last = (await open(message)) ?? last;
    }
  };
}

/** The operators that may ask for a cluster that this one may ask for too, and this one. */
const partnersOf = ({clusters}: Participants, operatorId: string): string[] => [
  operatorId,
  ...clusters.flatMap(({operatorIds}) => (operatorIds.includes(operatorId) ? operatorIds : [])),
];
