import {DvtError} from "../errors.js";
import {readFileBlock} from "../ipfs/fileBlock.js";
import {type OracleSet, readOracleSet} from "./oracleSet.js";

/** A config of the protocol that the Keeper announced, with the block of IPFS that proves it. */
export type AnnouncedConfig = {
  readonly ipfsHash: string;
  readonly block: Uint8Array;
  readonly oracleSet: OracleSet;
};

/** IPFS_CONTENT_INVALID when the block is not what the hash names, ORACLES_CONFIG_INVALID when it holds no config to work with. */
export function readAnnouncedConfig(ipfsHash: string, block: Uint8Array): AnnouncedConfig {
  const text = new TextDecoder().decode(readFileBlock(ipfsHash, block));
  return {ipfsHash, block, oracleSet: readOracleSet(parse(text, ipfsHash), ipfsHash)};
}

function parse(text: string, ipfsHash: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DvtError("ORACLES_CONFIG_INVALID", `read the oracles config ${ipfsHash}: not JSON`);
  }
}
