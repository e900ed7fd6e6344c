import type {NetworkName} from "../../schemas/fields.js";
import type {Chain} from "../execution/node.js";
import {readFileBlock} from "../ipfs/fileBlock.js";
import {createConfigReader, type ReadOptions} from "./configReader.js";
import {keeperOf} from "./keeperOf.js";
import type {OraclesConfig} from "./oracleSet.js";

/** The protocol config that the Keeper announced last, as of the latest block. */
export type LatestConfig = OraclesConfig & {
  readonly ipfsHash: string;
  /** The file on IPFS, byte for byte. */
  readonly file: Uint8Array;
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
  const {block, ...config} = await read.config(latest.ipfsHash);
  return {...config, file: readFileBlock(config.ipfsHash, block)};
}
