import {encodeFunctionData, type Hex} from "viem";
import {toHex} from "../runtime/hex.js";
import {keeperAbi, vaultAbi} from "./stakeWiseAbi.js";
import {encodeUpdateState, type Harvest} from "./vaultChain.js";
import type {Call} from "./wallet.js";

/** What oracles approved: until when (Unix seconds), where the shards are, and 65 bytes of each in hex with 0x. */
type Approval = {readonly deadline: number; readonly ipfsHash: string; readonly signatures: string};

type Registration = {
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** Taken in the same transaction, before the registration. */
  readonly harvest: Harvest | undefined;
  /** 32 bytes in hex with 0x */
  readonly validatorsRegistryRoot: string;
  /** As encodeRegistrations has them. */
  readonly validators: Uint8Array;
  readonly approval: Approval;
  /** 65 bytes in hex with 0x; `0x` if the sender is the validators manager. */
  readonly managerSignature: string;
};

/** The vault's call that registers validators. */
export function toRegistrationCall({vault, harvest, approval, managerSignature, ...of}: Registration): Call {
  const register = encodeFunctionData({
    abi: vaultAbi,
    functionName: "registerValidators",
    args: [
      {
        validatorsRegistryRoot: of.validatorsRegistryRoot as Hex,
        deadline: BigInt(approval.deadline),
        validators: toHex(of.validators) as Hex,
        signatures: approval.signatures as Hex,
        exitSignaturesIpfsHash: approval.ipfsHash,
      },
      managerSignature as Hex,
    ],
  });
  return toMulticall(vault, harvest, register);
}

type Operation = {
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** As the encoders of vaults have them. */
  readonly validators: Uint8Array;
  /** As above. */
  readonly managerSignature: string;
};

/** The vault's call that tops up compounding validators. */
export const toFundingCall = ({vault, validators, managerSignature}: Operation, harvest: Harvest | undefined): Call =>
  toMulticall(
    vault,
    harvest,
    encodeFunctionData({
      abi: vaultAbi,
      functionName: "fundValidators",
      args: [toHex(validators) as Hex, managerSignature as Hex],
    }),
  );

/** The vault's call that withdraws from validators; `value` in wei pays for the places in the queue, and what is left comes back. */
export const toWithdrawalCall = ({vault, validators, managerSignature}: Operation, value: bigint): Call => ({
  to: vault,
  value,
  data: encodeFunctionData({
    abi: vaultAbi,
    functionName: "withdrawValidators",
    args: [toHex(validators) as Hex, managerSignature as Hex],
  }),
});

/** The vault's call that consolidates validators; `oracleSignatures`: `0x` for targets that the vault knows as compounding. */
export const toConsolidationCall = (
  {vault, validators, managerSignature}: Operation,
  {value, oracleSignatures}: {readonly value: bigint; readonly oracleSignatures: string},
): Call => ({
  to: vault,
  value,
  data: encodeFunctionData({
    abi: vaultAbi,
    functionName: "consolidateValidators",
    args: [toHex(validators) as Hex, managerSignature as Hex, oracleSignatures as Hex],
  }),
});

/** The Keeper's call that replaces exits of a vault; all addresses are 20 bytes in lower-case hex with 0x. */
export const toRotationCall = (
  keeper: string,
  {vault, approval}: {readonly vault: string; readonly approval: Approval},
): Call => ({
  to: keeper,
  data: encodeFunctionData({
    abi: keeperAbi,
    functionName: "updateExitSignatures",
    args: [vault as Hex, BigInt(approval.deadline), approval.ipfsHash, approval.signatures as Hex],
  }),
});

/** One call of a vault, after its harvest if there is one. */
function toMulticall(vault: string, harvest: Harvest | undefined, data: Hex): Call {
  const calls = [...(harvest ? [encodeUpdateState(harvest)] : []), data];
  return {to: vault, data: encodeFunctionData({abi: vaultAbi, functionName: "multicall", args: [calls]})};
}
