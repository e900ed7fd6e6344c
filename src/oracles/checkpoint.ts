import {Type} from "typebox";
import {Bytes32, Network, type NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {BlockRef} from "../execution/heads.js";
import {checkpointFile} from "../runtime/checkpointFile.js";
import {type AnnouncedConfig, readAnnouncedConfig} from "./announcedConfig.js";

const strict = {additionalProperties: false};

const CheckpointFile = Type.Object(
  {
    version: Type.Literal(1),
    network: Network,
    keeper: Type.String({pattern: "^0x[0-9a-f]{40}$"}),
    /** The block up to which this config was the latest. */
    final_block: Type.Object({number: Type.Integer({minimum: 0}), hash: Bytes32}, strict),
    ipfs_hash: Type.String({minLength: 1, maxLength: 200}),
    /** In base64. */
    ipfs_block: Type.String({pattern: "^[A-Za-z0-9+/]+={0,2}$", maxLength: 400_000}),
  },
  strict,
);

/** The chain and contract of a checkpoint. */
export type CheckpointOrigin = {readonly network: NetworkName; readonly keeper: string};

/** The last good config, and the finalized block up to which it was the latest. */
export type Checkpoint = {readonly config: AnnouncedConfig; readonly block: BlockRef};

const checkpoint = checkpointFile({what: "the oracles checkpoint", schema: CheckpointFile, code: "ORACLES_CHECKPOINT_INVALID"});

/** Undefined if there is no such file; ORACLES_CHECKPOINT_INVALID if it belongs to another contract or is wrong. */
export const readCheckpoint = (path: string, of: CheckpointOrigin): Promise<Checkpoint | undefined> =>
  checkpoint.read(path, (file) => {
    if (file.network !== of.network || file.keeper !== of.keeper) {
      const problem = `it belongs to Keeper ${file.keeper} on ${file.network}, not to ${of.keeper} on ${of.network}`;
      throw new DvtError("ORACLES_CHECKPOINT_INVALID", problem);
    }
    const config = readAnnouncedConfig(file.ipfs_hash, new Uint8Array(Buffer.from(file.ipfs_block, "base64")));
    return {config, block: file.final_block};
  });

/** Replaces the file atomically. */
export const writeCheckpoint = (path: string, {network, keeper}: CheckpointOrigin, {config, block}: Checkpoint): Promise<void> =>
  checkpoint.write(path, {
    version: 1,
    network,
    keeper,
    final_block: {number: block.number, hash: block.hash},
    ipfs_hash: config.ipfsHash,
    ipfs_block: Buffer.from(config.block).toString("base64"),
  });
