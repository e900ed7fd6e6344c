import {type Static, Type} from "typebox";
import type {NetworkName} from "../../schemas/fields.js";
import {type PublicKey, parsePublicKey} from "../bls/curve.js";
import {networkNameOf} from "../consensus/networks.js";
import {DvtError} from "../errors.js";
import {readJson} from "../runtime/files.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {assertOnePolynomial, type ClusterDefinition, type Validator} from "./cluster.js";

/** What every lock version that charon has written has in common: https://docs.obol.org/learn/charon/cluster-configuration */
const ClusterLock = Type.Object({
  cluster_definition: Type.Object({
    version: Type.String(),
    num_validators: Type.Integer({minimum: 1}),
    threshold: Type.Integer({minimum: 1}),
    fork_version: Type.String({pattern: "^0x[0-9a-fA-F]{8}$"}),
    operators: Type.Array(Type.Object({}), {minItems: 1, maxItems: 256}),
  }),
  distributed_validators: Type.Array(
    Type.Object({
      distributed_public_key: Type.String({pattern: "^0x[0-9a-fA-F]{96}$"}),
      public_shares: Type.Array(Type.String(), {minItems: 1}),
    }),
    {minItems: 1},
  ),
});
type ClusterLock = Static<typeof ClusterLock>;

/**
 * Reads an Obol cluster-lock.json: share index = position of the operator + 1, shares in hex or (up to v1.1) base64.
 * CLUSTER_LOCK_INVALID, CLUSTER_NETWORK_MISMATCH or CLUSTER_SHARES_INCONSISTENT when it is not to be believed.
 */
export async function loadObolLock(path: string, network: NetworkName): Promise<ClusterDefinition> {
  const lock = await readJson(path, "the cluster lock", ClusterLock, "CLUSTER_LOCK_INVALID");
  const lockNetwork = networkNameOf(lock.cluster_definition.fork_version);
  if (lockNetwork !== network) {
    const {fork_version} = lock.cluster_definition;
    throw new DvtError(
      "CLUSTER_NETWORK_MISMATCH",
      `read ${path}: it is of ${lockNetwork} (fork_version ${fork_version}), not of ${network}`,
    );
  }
  return {network, ...readObolLock(lock, path)};
}

/** The lock whatever its network. */
export function readObolLock(lock: ClusterLock, path: string): Omit<ClusterDefinition, "network"> {
  const refuse = (problem: string): never => {
    throw new DvtError("CLUSTER_LOCK_INVALID", `read ${path}: ${problem}`);
  };
  const {threshold, operators, num_validators} = lock.cluster_definition;
  if (threshold > operators.length) refuse(`threshold is ${threshold}, more than its ${operators.length} operators`);
  if (num_validators !== lock.distributed_validators.length) {
    refuse(`num_validators is ${num_validators}, but it holds ${lock.distributed_validators.length}`);
  }
  const point = (bytes: Uint8Array, what: string): PublicKey => {
    try {
      return parsePublicKey(bytes);
    } catch {
      return refuse(`${what} is not a valid BLS public key`);
    }
  };
  const validators = new Map<string, Validator>();
  const seen = new Map<string, string>();
  lock.distributed_validators.forEach(({distributed_public_key, public_shares}, position) => {
    const publicKeyHex = distributed_public_key.toLowerCase();
    const place = `validator ${position + 1} (${publicKeyHex})`;
    if (public_shares.length !== operators.length) {
      refuse(`${place} has ${public_shares.length} public shares for ${operators.length} operators`);
    }
    const publicKey = point(fromHex(publicKeyHex), `the key of ${place}`);
    const shares = public_shares.map(
      (share, index) => shareBytes(share) ?? refuse(`public share ${index + 1} of ${place} is not 48 bytes`),
    );
    shares.forEach((bytes, index) => {
      const hex = toHex(bytes);
      const earlier = seen.get(hex);
      if (earlier) refuse(`public share ${index + 1} of ${place} is also ${earlier}`);
      seen.set(hex, `public share ${index + 1} of validator ${position + 1}`);
    });
    if (validators.has(publicKeyHex)) refuse(`${place} stands twice`);
    const publicKeyShares = new Map(
      shares.map((bytes, index) => [index + 1, point(bytes, `public share ${index + 1} of ${place}`)]),
    );
    const validator = {publicKeyHex, publicKey, publicKeyShares};
    assertOnePolynomial(validator, threshold, path);
    validators.set(publicKeyHex, validator);
  });
  return {type: "OBOL", threshold, validators};
}

/** 48 bytes, or undefined. */
function shareBytes(text: string): Uint8Array | undefined {
  if (/^0x[0-9a-fA-F]{96}$/.test(text)) return fromHex(text);
  if (/^[A-Za-z0-9+/]{64}$/.test(text)) return new Uint8Array(Buffer.from(text, "base64"));
  return undefined;
}

export {ClusterLock};
