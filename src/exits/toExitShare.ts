import type {ExitShare} from "../../schemas/exitShare.js";
import {encrypt} from "../ecies/ecies.js";
import {toHex} from "../runtime/hex.js";
import type {ExitId} from "./exitId.js";
import type {SidecarId} from "./sidecarId.js";

/** An exit, and a sidecar's signature share of it: 96 bytes. */
export type SignedExit = {readonly exit: ExitId; readonly signature: Uint8Array};

/** The message that carries signature shares, at most 64, to the aggregator, encrypted together to its 64-byte key. */
export function toExitShare(sidecar: SidecarId, signed: readonly SignedExit[], aggregatorKey: Uint8Array): ExitShare {
  const shares = Buffer.concat(signed.map(({signature}) => signature));
  const encrypted_signatures = toHex(encrypt(aggregatorKey, shares));
  shares.fill(0);
  return {
    network: sidecar.network.name,
    cluster_id: sidecar.clusterId,
    share_index: sidecar.shareIndex,
    exits: signed.map(({exit}) => ({public_key: exit.publicKey, validator_index: exit.validatorIndex})),
    encrypted_signatures,
  };
}
