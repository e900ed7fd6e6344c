import {createHash} from "node:crypto";
import {Type} from "typebox";
import {patterns} from "../../schemas/fields.js";
import {isPublicKey} from "../ecies/keys.js";
import {DvtError} from "../errors.js";
import {checkJson, readJsonValue} from "../runtime/files.js";
import {fromHex, toHex} from "../runtime/hex.js";

/** The oracles that get the shards of an exit, in config order, and how many of them recover it. */
export type OracleSet = {
  /** 64 bytes each, uncompressed without the 04 */
  readonly publicKeys: readonly Uint8Array[];
  readonly threshold: number;
  /** 32 bytes in hex; identifies the set, so that results of two sets are never mixed. */
  readonly configHash: string;
};

/** A protocol config of StakeWise that has a good oracle set; what else it has, toProtocolConfig reads. */
export type OraclesConfig = {
  readonly oracleSet: OracleSet;
  readonly json: unknown;
  /** The file or the IPFS hash, for errors. */
  readonly source: string;
};

/** What a role needs of it. */
const OracleSetFields = Type.Object({
  oracles: Type.Array(Type.Object({public_key: Type.String({pattern: patterns.secp256k1Key})}), {minItems: 1, maxItems: 256}),
  exit_signature_recover_threshold: Type.Integer({minimum: 1, maximum: 256}),
});

const what = "the oracles config";

/**
 * Loads a config file; ORACLES_CONFIG_INVALID for a wrong format, a repeated key, a key off the curve, or a threshold that is too
 * high.
 */
export async function loadOraclesConfig(path: string): Promise<OraclesConfig> {
  return readOraclesConfig(await readJsonValue(path, what, "ORACLES_CONFIG_INVALID"), path);
}

/** Reads a config from elsewhere, likewise. */
export const readOraclesConfig = (json: unknown, source: string): OraclesConfig => ({
  oracleSet: readOracleSet(json, source),
  json,
  source,
});

/** Loads the oracle set of a config file, likewise. */
export const loadOracleSet = async (path: string): Promise<OracleSet> => (await loadOraclesConfig(path)).oracleSet;

function readOracleSet(value: unknown, path: string): OracleSet {
  const config = checkJson(value, {path, what, schema: OracleSetFields, code: "ORACLES_CONFIG_INVALID"});
  const refuse = (problem: string): never => {
    throw new DvtError("ORACLES_CONFIG_INVALID", `read ${what} ${path}: ${problem}`);
  };
  const keys = config.oracles.map(({public_key}) => public_key.toLowerCase());
  const threshold = config.exit_signature_recover_threshold;
  keys.forEach((key, position) => {
    const first = keys.indexOf(key);
    if (first !== position) refuse(`oracles ${first + 1} and ${position + 1} have the same public key`);
    if (!isPublicKey(fromHex(key))) refuse(`the public key of oracle ${position + 1} is not a point of secp256k1`);
  });
  if (threshold > keys.length) {
    refuse(`exit_signature_recover_threshold is ${threshold}, more than the ${keys.length} oracles`);
  }
  return toOracleSet(keys.map(fromHex), threshold);
}

/** Builds an oracle set from keys and a threshold. */
export const toOracleSet = (publicKeys: readonly Uint8Array[], threshold: number): OracleSet => ({
  publicKeys,
  threshold,
  configHash: configHashOf(publicKeys, threshold),
});

/** SHA-256 over the threshold (4 bytes, big-endian) and the keys in order, so that a new endpoint does not make a new set. */
function configHashOf(publicKeys: readonly Uint8Array[], threshold: number): string {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(threshold);
  return toHex(createHash("sha256").update(head).update(Buffer.concat(publicKeys)).digest());
}
