import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {BlsPubkey, Bytes32, patterns} from "./fields.js";
import {operatorHead} from "./heads.js";

const strict = {additionalProperties: false};
const Address = Type.String({pattern: patterns.address});
const Wei = Type.String({pattern: "^(0|[1-9][0-9]{0,77})$", description: "wei, in decimal"});
const Count = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});

/** The longest that a claim may last without being renewed. */
export const longestLeaseMs = 600_000;

/** What nodes may have, and what whoever takes its place has to pay more than. */
const sentTransaction = {
  wallet: Address,
  nonce: Count,
  hashes: Type.Array(Bytes32, {minItems: 1, maxItems: 16}),
  max_fee_per_gas: Wei,
  max_priority_fee_per_gas: Wei,
};

/** An operator's process acts for a vault: the claim to do so alone, and the transactions that it may have sent. */
export const Registration = Type.Object(
  {
    ...operatorHead,
    vault: Address,
    process: Type.String({pattern: "^[0-9a-f]{32}$", description: "chosen by the process at its start"}),
    /** Counts from when the stream stored the message. */
    lease_ms: Type.Integer({minimum: 0, maximum: longestLeaseMs}),
    pending: Type.Optional(
      Type.Object(
        {
          ...sentTransaction,
          deposit_root: Bytes32,
          deadline: Count,
          public_keys: Type.Array(BlsPubkey, {minItems: 1, maxItems: 1000}),
        },
        strict,
      ),
    ),
    /** A withdrawal, a consolidation or a top-up: the chain says what it does. */
    operation: Type.Optional(Type.Object({...sentTransaction, manager_nonce: Bytes32}, strict)),
  },
  {$id: "dvt.v2.registration", ...strict},
);
export type Registration = Static<typeof Registration>;

/** The subject of one operator's registrations for a vault; `*` for those of all operators. */
export const registrationSubject = ({network, operator_id, vault}: Pick<Registration, "network" | "operator_id" | "vault">) =>
  `dvt.v2.registrations.${network}.${operator_id}.${vault}`;

export const registration = defineMessage({
  name: "registration",
  schema: Registration,
  stream: "REGISTRATIONS",
  maxBytes: 112 * 1024,
  subject: registrationSubject,
});
