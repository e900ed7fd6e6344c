import {type Static, type TSchema, Type} from "typebox";

/** Go writes null for a missing list or missing bytes. */
const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** Hex; base64 up to v1.1. */
const Bytes = optional(Type.String({pattern: "^(0x([0-9a-fA-F]{2})*|[A-Za-z0-9+/]*={0,2})$"}));
const Address = optional(Type.String({pattern: "^(0x[0-9a-fA-F]{40})?$"}));
const text = (maxLength: number) => optional(Type.String({maxLength}));
const Whole = optional(Type.Integer());
/** Gwei, up to 2^64 - 1. */
const Amount = Type.String({pattern: "^[0-9]{1,20}$"});

const HashableDeposit = Type.Object({
  pubkey: Bytes,
  withdrawal_credentials: Bytes,
  amount: optional(Amount),
  signature: Bytes,
});
const HashableRegistration = Type.Object({
  message: optional(Type.Object({fee_recipient: Bytes, gas_limit: Whole, timestamp: Whole, pubkey: Bytes})),
  signature: Bytes,
});
const HashableOperator = Type.Object({address: Address, enr: text(1024), config_signature: Bytes, enr_signature: Bytes});

const HashableDefinition = Type.Object({
  name: text(256),
  uuid: text(64),
  version: Type.String({maxLength: 16}),
  timestamp: text(32),
  num_validators: Type.Integer(),
  threshold: Type.Integer(),
  dkg_algorithm: text(32),
  fork_version: Type.String({pattern: "^0x[0-9a-fA-F]{8}$"}),
  operators: Type.Array(HashableOperator, {maxItems: 256}),
  creator: optional(Type.Object({address: Address, config_signature: Bytes})),
  fee_recipient_address: Address,
  withdrawal_address: Address,
  validators: optional(
    Type.Array(Type.Object({fee_recipient_address: Address, withdrawal_address: Address}), {maxItems: 65_536}),
  ),
  deposit_amounts: optional(Type.Array(Amount, {maxItems: 256})),
  consensus_protocol: text(256),
  target_gas_limit: Whole,
  compounding: optional(Type.Boolean()),
});

const HashableValidator = Type.Object({
  distributed_public_key: Type.String({pattern: "^0x[0-9a-fA-F]{96}$"}),
  public_shares: Type.Array(Type.String(), {minItems: 1, maxItems: 256}),
  deposit_data: optional(HashableDeposit),
  partial_deposit_data: optional(Type.Array(HashableDeposit, {maxItems: 256})),
  builder_registration: optional(HashableRegistration),
});

/** The fields that the hashes of a lock cover, in all versions: https://docs.obol.org/learn/charon/cluster-configuration */
export const HashableLock = Type.Object({
  cluster_definition: HashableDefinition,
  distributed_validators: Type.Array(HashableValidator, {minItems: 1, maxItems: 65_536}),
});
export type HashableLock = Static<typeof HashableLock>;
export type HashableDefinition = Static<typeof HashableDefinition>;
export type HashableValidator = Static<typeof HashableValidator>;
export type HashableDeposit = Static<typeof HashableDeposit>;
export type HashableRegistration = Static<typeof HashableRegistration>;
