import type {DepositShare} from "../../schemas/depositShare.js";
import {toHex} from "../runtime/hex.js";
import type {DepositId} from "./depositId.js";

type Share = {id: DepositId; clusterId: string; shareIndex: number; signature: Uint8Array};

/** The message that carries a deposit's signature share (96 bytes) to the aggregator, unencrypted, as it is no secret. */
export const toDepositShare = ({id, clusterId, shareIndex, signature}: Share): DepositShare => ({
  network: id.network.name,
  cluster_id: clusterId,
  public_key: id.publicKey,
  share_index: shareIndex,
  deposit: id.deposit,
  signature: toHex(signature),
});
