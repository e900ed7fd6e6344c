import type {DepositShare} from "../../schemas/depositShare.js";
import {toHex} from "../runtime/hex.js";
import type {DepositId} from "./depositId.js";
import type {SidecarId} from "./sidecarId.js";

/** A deposit, and a sidecar's signature share of it: 96 bytes. */
export type SignedDeposit = {readonly id: DepositId; readonly signature: Uint8Array};

/** The message that carries signature shares of deposits, at most 64, to the aggregator, unencrypted, as they are no secret. */
export const toDepositShare = (sidecar: SidecarId, signed: readonly SignedDeposit[]): DepositShare => ({
  network: sidecar.network.name,
  cluster_id: sidecar.clusterId,
  share_index: sidecar.shareIndex,
  deposits: signed.map(({id, signature}) => ({public_key: id.publicKey, deposit: id.deposit, signature: toHex(signature)})),
});
