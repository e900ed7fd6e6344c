import {type Static, Type} from "typebox";
import {defineMessage} from "./defineMessage.js";
import {Bytes32, Id, Network, Nkey, patterns, ShareIndex} from "./fields.js";

const strict = {additionalProperties: false};

/** Ids of 2^31 and more would wrap in ssv-keys, which deals key shares by id. */
const SsvOperatorId = Type.Integer({minimum: 1, maximum: 2 ** 31 - 1});

/** The validators that the SSV network's contract registers with these operators, for these owners or for any. */
const SsvDefinition = Type.Object(
  {
    ssv_operator_ids: Type.Array(SsvOperatorId, {uniqueItems: true}),
    ssv_owners: Type.Optional(Type.Array(Type.String({pattern: patterns.address}), {minItems: 1, uniqueItems: true})),
  },
  strict,
);

const clusterFields = {
  id: Id,
  definition: Type.Union([Type.String({minLength: 1}), SsvDefinition]),
  definition_hash: Type.Optional(Bytes32),
  operators: Type.Array(Id),
  sidecars: Type.Array(Type.Object({share_index: ShareIndex, nkey: Nkey}, strict), {maxItems: 256}),
};

const fields = {
  network: Network,
  /** Raised with every change that is published. */
  version: Type.Optional(Type.Integer({minimum: 1, maximum: Number.MAX_SAFE_INTEGER})),
  admin: Type.Object({nkey: Nkey}, strict),
  relayer: Type.Object({nkey: Nkey}, strict),
  aggregator: Type.Object(
    {nkey: Nkey, encryption_keys: Type.Array(Type.String({pattern: patterns.secp256k1Key}), {minItems: 1, maxItems: 16})},
    strict,
  ),
  operators: Type.Array(Type.Object({id: Id, nkey: Nkey}, strict)),
  viewers: Type.Optional(Type.Array(Type.Object({id: Id, nkey: Nkey}, strict))),
  monitor: Type.Optional(Type.Object({nkey: Nkey}, strict)),
  server_admin: Type.Optional(Type.Object({nkey: Nkey}, strict)),
  clusters: Type.Array(Type.Object(clusterFields, strict), {minItems: 1}),
};

/** participants.json. */
export const ParticipantsFile = Type.Object(fields, strict);
export type ParticipantsFile = Static<typeof ParticipantsFile>;

/** A version of participants.json for everybody: without the administrator's paths, and with the hash of each definition. */
export const PublishedParticipants = Type.Object(
  {
    ...fields,
    version: Type.Integer({minimum: 1, maximum: Number.MAX_SAFE_INTEGER}),
    clusters: Type.Array(
      Type.Object(
        {
          ...clusterFields,
          definition: Type.Union([
            Type.String({pattern: patterns.fileName, description: "a file's name, without its folder"}),
            SsvDefinition,
          ]),
          definition_hash: Bytes32,
        },
        strict,
      ),
      {minItems: 1},
    ),
  },
  {$id: "dvt.v2.participants", ...strict},
);
export type PublishedParticipants = Static<typeof PublishedParticipants>;

export const participants = defineMessage({
  name: "participants",
  schema: PublishedParticipants,
  stream: "PARTICIPANTS",
  maxBytes: 512 * 1024,
  subject: ({network}) => `dvt.v2.participants.${network}`,
});
