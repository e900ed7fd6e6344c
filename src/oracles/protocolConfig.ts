import {keccak_256} from "@noble/hashes/sha3";
import {type Static, Type} from "typebox";
import {DvtError} from "../errors.js";
import {parseEndpoint} from "../http/endpoints.js";
import {checkJson} from "../runtime/files.js";
import {toHex} from "../runtime/hex.js";
import type {OracleSet, OraclesConfig} from "./oracleSet.js";

/** An oracle that can be asked. */
export type Oracle = {
  /** 20 bytes in lower-case hex with 0x: whose signatures the Keeper accepts as this oracle's. */
  readonly address: string;
  /** Its replicas, any of which speaks for it. */
  readonly endpoints: readonly URL[];
};

/** The whole protocol config, as asking the oracles needs it. */
export type ProtocolConfig = {
  readonly oracleSet: OracleSet;
  /** In the order of the config, which is that of `oracleSet.publicKeys` and of shards. */
  readonly oracles: readonly Oracle[];
  /** The most validators that one request may name, by its kind. */
  readonly batchLimits: {readonly registration: number; readonly rotation: number; readonly consolidation: number};
  /** The deadline of an approval is this many seconds after it was first asked for. */
  readonly signatureValidityS: number;
  /** After this many seconds the oracles withdraw what a vault owes. */
  readonly forceWithdrawalsPeriodS: number;
};

const Count = Type.Integer({minimum: 1, maximum: 2 ** 31 - 1});
const ProtocolFields = Type.Object({
  oracles: Type.Array(Type.Object({endpoints: Type.Array(Type.String(), {maxItems: 64})})),
  validators_approval_batch_limit: Count,
  validators_exit_rotation_batch_limit: Count,
  validators_consolidation_batch_limit: Type.Optional(Count),
  signature_validity_period: Count,
  force_withdrawals_period: Type.Optional(Count),
});

/** StakeWise's own values for what a config does not name: https://github.com/stakewise/sw-utils/blob/v0.13.0/sw_utils/protocol_config.py */
const defaults = {consolidationLimit: 100, forceWithdrawalsPeriodS: 86_400};

const what = "the oracles config";
const invalid = (source: string, problem: string): DvtError =>
  new DvtError("ORACLES_CONFIG_INVALID", `read ${what} ${source}: ${problem}`);

/**
 * Reads what asking the oracles needs; ORACLES_CONFIG_INVALID if a limit, a period or an oracle's endpoints are missing, or an
 * endpoint is not an http or https URL. An empty list of endpoints is an oracle that cannot be asked now.
 */
export function toProtocolConfig({oracleSet, json, source}: OraclesConfig): ProtocolConfig {
  const fields = checkJson(json, {path: source, what, schema: ProtocolFields, code: "ORACLES_CONFIG_INVALID"});
  return {
    oracleSet,
    oracles: oracleSet.publicKeys.map((publicKey, position) => ({
      address: addressOf(publicKey),
      endpoints: endpointsOf(fields, position, source),
    })),
    batchLimits: {
      registration: fields.validators_approval_batch_limit,
      rotation: fields.validators_exit_rotation_batch_limit,
      consolidation: fields.validators_consolidation_batch_limit ?? defaults.consolidationLimit,
    },
    signatureValidityS: fields.signature_validity_period,
    forceWithdrawalsPeriodS: fields.force_withdrawals_period ?? defaults.forceWithdrawalsPeriodS,
  };
}

/**
 * Checks the config against the Keeper's `validatorsMinOracles`: ORACLES_CONFIG_INVALID if that is 0 or more than there are oracles,
 * or fewer than recover an exit. Approvals of so few oracles would be of exits that nobody can recover.
 */
export function assertMinOracles(
  {oracleSet: {publicKeys, threshold}}: Pick<ProtocolConfig, "oracleSet">,
  minOracles: number,
): void {
  const refuse = (problem: string): never => {
    throw new DvtError(
      "ORACLES_CONFIG_INVALID",
      `compare ${what} with the Keeper: validatorsMinOracles is ${minOracles}, ${problem}`,
    );
  };
  if (!Number.isInteger(minOracles) || minOracles < 1) refuse("which no approval can be of");
  if (minOracles > publicKeys.length) refuse(`more than the ${publicKeys.length} oracles`);
  if (threshold > minOracles) refuse(`less than exit_signature_recover_threshold, ${threshold}`);
}

/** https://ethereum.github.io/yellowpaper/paper.pdf, (284) */
const addressOf = (publicKey: Uint8Array): string => toHex(keccak_256(publicKey).subarray(-20));

function endpointsOf({oracles}: Static<typeof ProtocolFields>, position: number, source: string): URL[] {
  return (oracles[position]?.endpoints ?? []).map((text, number) => {
    const url = parseEndpoint(text);
    if (url) return url;
    throw invalid(source, `endpoint ${number + 1} of oracle ${position + 1} is not an http or https URL`);
  });
}
