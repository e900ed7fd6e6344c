import type {ExitShare} from "../../schemas/exitShare.js";
import {encrypt} from "../ecies/ecies.js";
import {toHex} from "../runtime/hex.js";
import type {ExitId} from "./exitId.js";

type Share = {exit: ExitId; clusterId: string; shareIndex: number; signature: Uint8Array};

/** The message that carries a signature share (96 bytes) to the aggregator, encrypted to its 64-byte key. */
export const toExitShare = ({exit, clusterId, shareIndex, signature}: Share, aggregatorKey: Uint8Array): ExitShare => ({
  network: exit.network.name,
  cluster_id: clusterId,
  public_key: exit.publicKey,
  validator_index: exit.validatorIndex,
  share_index: shareIndex,
  encrypted_signature: toHex(encrypt(aggregatorKey, signature)),
});
