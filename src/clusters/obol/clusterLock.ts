import {type Static, Type} from "typebox";

/** Go writes an empty string or null for a missing address. */
const Address = Type.Optional(Type.Union([Type.String({pattern: "^(0x[0-9a-fA-F]{40})?$"}), Type.Null()]));
/** Hex; base64 up to v1.1. */
const Seal = Type.Optional(Type.Union([Type.String(), Type.Null()]));

/** The fields of Obol's cluster-lock.json that we need, in all versions: https://docs.obol.org/learn/charon/cluster-configuration */
export const ClusterLock = Type.Object({
  cluster_definition: Type.Object({
    version: Type.String(),
    num_validators: Type.Integer({minimum: 1}),
    threshold: Type.Integer({minimum: 1}),
    fork_version: Type.String({pattern: "^0x[0-9a-fA-F]{8}$"}),
    operators: Type.Array(Type.Object({}), {minItems: 1, maxItems: 256}),
    /** For all validators, up to v1.4; later versions have `validators`. */
    withdrawal_address: Address,
    validators: Type.Optional(Type.Union([Type.Array(Type.Object({withdrawal_address: Address})), Type.Null()])),
    config_hash: Seal,
    definition_hash: Seal,
  }),
  distributed_validators: Type.Array(
    Type.Object({
      distributed_public_key: Type.String({pattern: "^0x[0-9a-fA-F]{96}$"}),
      public_shares: Type.Array(Type.String(), {minItems: 1}),
    }),
    {minItems: 1},
  ),
  lock_hash: Seal,
  signature_aggregate: Seal,
});
export type ClusterLock = Static<typeof ClusterLock>;
