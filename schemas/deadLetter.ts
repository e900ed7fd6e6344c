import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Bytes32, Sentence} from "./fields.js";

/** Reports to people a message that can never be processed. It never holds the payload: a share's payload is a secret. */
export const DeadLetter = Type.Object(
  {
    stream: Type.String({pattern: "^[A-Z_]{1,32}$"}),
    subject: Type.String({pattern: "^[ -~]{1,512}$", description: "in printable ASCII"}),
    /** Who gave up on it: relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>. */
    participant: Type.String({pattern: "^[a-z0-9_-]{1,96}$"}),
    code: Type.String({pattern: "^[A-Z_]{1,64}$"}),
    reason: Sentence,
    deliveries: Type.Integer({minimum: 1}),
    /** network:public_key:validator_index, if the message could be read that far. */
    exit: Type.Optional(Type.String({pattern: "^[a-z0-9:]{1,160}$"})),
    count: Type.Optional(Type.Integer({minimum: 1, description: "how many messages it counts for, if more than one"})),
    payload_sha256: Bytes32,
  },
  {$id: "dvt.v2.dead_letter", additionalProperties: false},
);
export type DeadLetter = Static<typeof DeadLetter>;

export const deadLetter = defineMessage({
  name: "dead_letter",
  schema: DeadLetter,
  stream: "DEAD_LETTERS",
  maxBytes: 12 * 1024,
  subject: ({stream, participant}) => `dvt.v2.dead_letters.${stream}.${participant}`,
});
