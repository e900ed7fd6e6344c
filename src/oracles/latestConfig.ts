import type {NetworkName} from "../../schemas/fields.js";
import type {Chain} from "../execution/node.js";
import {readFileBlock} from "../ipfs/fileBlock.js";
import {createConfigReader, type ReadOptions} from "./configReader.js";
import {keeperOf} from "./keeperOf.js";
import type {OracleSet} from "./oracleSet.js";

/** The protocol config that the Keeper announced last, as of the latest block. */
export type LatestConfig = {
  readonly ipfsHash: string;
  /** The file on IPFS, byte for byte. */
  readonly file: Uint8Array;
  readonly oracleSet: OracleSet;
};

type Options = ReadOptions & {
  readonly network: Chain & {readonly name: NetworkName};
  /** Address of the Keeper, if not the network's own. */
  readonly keeper: string | undefined;
  readonly signal: AbortSignal;
};

/** Reads it from the chain and IPFS, once. Errors as followOracles without a checkpoint. */
export async function readLatestConfig({keeper, signal, ...options}: Options): Promise<LatestConfig> {
  const read = createConfigReader(keeperOf(options.network.name, keeper), signal, options);
  const {latest} = await read.announced(undefined, 0);
  const {ipfsHash, block, oracleSet} = await read.config(latest.ipfsHash);
  return {ipfsHash, file: readFileBlock(ipfsHash, block), oracleSet};
}
