import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsPubkey, BlsSignature, Network, Nkey, ParticipantName, SoftwareVersion} from "./fields.js";

/** Whoever was invited says under which nkey it will take part. It is signed by that nkey. */
export const Enrolment = Type.Object(
  {
    network: Network,
    invitation: Type.String({pattern: "^[0-9a-f]{32}$", description: "the id of the invitation"}),
    participant: ParticipantName,
    nkey: Nkey,
    version: SoftwareVersion,
    /** Made with the key share of one validator. */
    proof: Type.Optional(Type.Object({public_key: BlsPubkey, signature: BlsSignature}, {additionalProperties: false})),
  },
  {$id: "dvt.v2.enrolment", additionalProperties: false},
);
export type Enrolment = Static<typeof Enrolment>;

export const enrolment = defineMessage({
  name: "enrolment",
  schema: Enrolment,
  stream: "ENROLMENTS",
  maxBytes: 4 * 1024,
  subject: ({network, invitation}) => `dvt.v2.enrolments.${network}.${invitation}`,
});
