import {DepositData, toWithdrawalCredentials} from "../consensus/deposit.js";
import {fromHex, toHex} from "../runtime/hex.js";
import type {Consolidation, KeyAmount, Registration} from "./validatorsManager.js";

/**
 * Encodes registrations: public key (48 bytes), deposit signature (96), deposit data root (32), and for a 0x02 validator its
 * amount (8).
 */
export const encodeRegistrations = (
  vault: string,
  validatorType: "0x01" | "0x02",
  registrations: readonly Registration[],
): Uint8Array => {
  const withdrawalCredentials = toWithdrawalCredentials(validatorType, fromHex(vault));
  return concat(
    registrations.flatMap(({publicKey, amount, depositSignature}) => {
      const [pubkey, signature] = [fromHex(publicKey), fromHex(depositSignature)];
      const root = DepositData.hashTreeRoot({pubkey, withdrawalCredentials, amount: BigInt(amount), signature});
      return [pubkey, signature, root, ...(validatorType === "0x02" ? [toUint64(amount)] : [])];
    }),
  );
};

const noSignature = toHex(new Uint8Array(96));

/** Encodes fundings as registrations of 0x02 validators with zero signatures: the deposit contract needs none for a top-up. */
export const encodeFundings = (vault: string, fundings: readonly KeyAmount[]): Uint8Array =>
  encodeRegistrations(
    vault,
    "0x02",
    fundings.map((funding) => ({...funding, depositSignature: noSignature})),
  );

/** Encodes withdrawals: public key (48 bytes), amount (8). */
export const encodeWithdrawals = (withdrawals: readonly KeyAmount[]): Uint8Array =>
  concat(withdrawals.flatMap(({publicKey, amount}) => [fromHex(publicKey), toUint64(amount)]));

/** Encodes consolidations: the public keys (48 bytes) of source and target. */
export const encodeConsolidations = (consolidations: readonly Consolidation[]): Uint8Array =>
  concat(consolidations.flatMap(({source, target}) => [fromHex(source), fromHex(target)]));

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Gwei, big-endian. */
function toUint64(amount: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(amount));
  return bytes;
}
