import {DvtError} from "../errors.js";
import {readFileBlock} from "../ipfs/fileBlock.js";
import {type OraclesConfig, readOraclesConfig} from "./oracleSet.js";

/** A protocol config that the Keeper announced, with the IPFS block that proves it. */
export type AnnouncedConfig = OraclesConfig & {readonly ipfsHash: string; readonly block: Uint8Array};

/**
 * Reads a config from an IPFS block; IPFS_CONTENT_INVALID if the hash names another block, ORACLES_CONFIG_INVALID if it holds no
 * valid config.
 */
export function readAnnouncedConfig(ipfsHash: string, block: Uint8Array): AnnouncedConfig {
  const text = new TextDecoder().decode(readFileBlock(ipfsHash, block));
  return {ipfsHash, block, ...readOraclesConfig(parse(text, ipfsHash), ipfsHash)};
}

function parse(text: string, ipfsHash: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DvtError("ORACLES_CONFIG_INVALID", `read the oracles config ${ipfsHash}: not JSON`);
  }
}
