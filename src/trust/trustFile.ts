import {type Static, Type} from "typebox";
import {Bytes32, Id, Network, type NetworkName, Nkey, patterns} from "../../schemas/fields.js";
import type {ParticipantsFile} from "../../schemas/participants.js";
import {DvtError} from "../errors.js";
import {readJson, writeFileAtomic} from "../runtime/files.js";
import {hashOf} from "./hashOf.js";

const strict = {additionalProperties: false};

const TrustFile = Type.Object(
  {
    network: Network,
    admin: Nkey,
    aggregator: Type.Object(
      {nkey: Nkey, encryption_keys: Type.Array(Type.String({pattern: patterns.secp256k1Key}), {minItems: 1, maxItems: 16})},
      strict,
    ),
    /** Those whose key shares are here; whoever has none trusts the centre alone. */
    clusters: Type.Array(
      Type.Object({id: Id, definition_hash: Bytes32, operators: Type.Array(Type.Object({id: Id, nkey: Nkey}, strict))}, strict),
    ),
  },
  strict,
);

/** What the people of a node have agreed to: whom it obeys, whatever an administrator publishes later. */
export type Trust = Static<typeof TrustFile>;

/** Reads TRUST_FILE. TRUST_INVALID lists every problem; FILE_MISSING. */
export async function loadTrust(path: string, network: NetworkName): Promise<Trust> {
  const trust = await readJson(path, "the trust file", TrustFile, "TRUST_INVALID");
  if (trust.network === network) return trust;
  throw new DvtError("TRUST_INVALID", `read the trust file ${path}: it is for ${trust.network}, but NETWORK is ${network}`);
}

export const writeTrust = (path: string, trust: Trust): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(trust, undefined, 2)}\n`);

/** What a version asks a node to trust that has key shares of these clusters. */
export function toTrust(file: ParticipantsFile, clusterIds: readonly string[]): Trust {
  const {network, admin, aggregator, operators, clusters} = file;
  return {
    network,
    admin: admin.nkey,
    aggregator,
    clusters: clusters.flatMap((cluster) => {
      if (!clusterIds.includes(cluster.id)) return [];
      const own = operators.filter(({id}) => cluster.operators.includes(id));
      return [{id: cluster.id, definition_hash: hashOf(cluster, network) ?? "", operators: own}];
    }),
  };
}
