import {Type} from "typebox";
import {Bytes32, Network, type NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {BlockRef} from "../execution/heads.js";
import {checkJson, readJsonValue, unlessTorn, writeFileAtomic} from "../runtime/files.js";
import {type AnnouncedConfig, readAnnouncedConfig} from "./announcedConfig.js";

const strict = {additionalProperties: false};

const CheckpointFile = Type.Object(
  {
    version: Type.Literal(1),
    network: Network,
    keeper: Type.String({pattern: "^0x[0-9a-f]{40}$"}),
    /** Up to which this was the latest. */
    final_block: Type.Object({number: Type.Integer({minimum: 0}), hash: Bytes32}, strict),
    ipfs_hash: Type.String({minLength: 1, maxLength: 200}),
    /** In base64. */
    ipfs_block: Type.String({pattern: "^[A-Za-z0-9+/]+={0,2}$", maxLength: 400_000}),
  },
  strict,
);

/** Of which chain and contract it is. */
export type Checkpointed = {readonly network: NetworkName; readonly keeper: string};

/** The last good config, and the finalized block up to which it was the latest. */
export type Checkpoint = {readonly config: AnnouncedConfig; readonly block: BlockRef};

/** Undefined when there is no such file. ORACLES_CHECKPOINT_INVALID when it is none, another contract's, or not to be believed. */
export async function readCheckpoint(path: string, of: Checkpointed): Promise<Checkpoint | undefined> {
  const described = {path, what: "the oracles checkpoint", code: "ORACLES_CHECKPOINT_INVALID"} as const;
  const value = await readJsonValue(path, described.what, described.code).catch(unlessTorn);
  if (value === undefined) return undefined;
  const file = checkJson(value, {...described, schema: CheckpointFile});
  if (file.network !== of.network || file.keeper !== of.keeper) {
    throw invalid(path, `it is of Keeper ${file.keeper} on ${file.network}, not of ${of.keeper} on ${of.network}`);
  }
  try {
    const config = readAnnouncedConfig(file.ipfs_hash, new Uint8Array(Buffer.from(file.ipfs_block, "base64")));
    return {config, block: file.final_block};
  } catch (error) {
    throw error instanceof DvtError ? invalid(path, error.message) : error;
  }
}

export async function writeCheckpoint(path: string, of: Checkpointed, {config, block}: Checkpoint): Promise<void> {
  const file = {
    ...{version: 1, ...of, final_block: {number: block.number, hash: block.hash}},
    ...{ipfs_hash: config.ipfsHash, ipfs_block: Buffer.from(config.block).toString("base64")},
  };
  await writeFileAtomic(path, `${JSON.stringify(file)}\n`);
}

const invalid = (path: string, problem: string): DvtError =>
  new DvtError(
    "ORACLES_CHECKPOINT_INVALID",
    `read the oracles checkpoint ${path}: ${problem}; name another file, or delete it and the chain is read again`,
  );
