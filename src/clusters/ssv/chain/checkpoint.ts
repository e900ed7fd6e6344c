import {type Static, Type} from "typebox";
import {Bytes32, Network, type NetworkName, patterns} from "../../../../schemas/fields.js";
import {DvtError} from "../../../errors.js";
import {readJson, unlessTorn, writeFileAtomic} from "../../../runtime/files.js";
import {fromHex, toHex} from "../../../runtime/hex.js";
import {takeTurn} from "../../../runtime/takeTurn.js";
import {believe, operatorIdsOf, type Registered, type Registry, toOperatorSet} from "./registry.js";

const strict = {additionalProperties: false};
const Address = Type.String({pattern: "^0x[0-9a-f]{40}$"});
const Count = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});
const OperatorIds = Type.Array(Type.Integer({minimum: 1}), {minItems: 1});

const CheckpointFile = Type.Object(
  {
    version: Type.Literal(1),
    network: Network,
    contract: Address,
    operator_sets: Type.Array(OperatorIds),
    next_block: Count,
    final_block: Type.Optional(Type.Object({number: Count, hash: Bytes32}, strict)),
    owners: Type.Array(Type.Object({address: Address, nonce: Count}, strict)),
    validators: Type.Array(
      Type.Object(
        {
          public_key: Type.String({pattern: patterns.publicKey}),
          operator_ids: OperatorIds,
          owner: Address,
          nonce: Count,
          shares_data: Type.String({pattern: patterns.bytes}),
        },
        strict,
      ),
    ),
  },
  strict,
);
type CheckpointFile = Static<typeof CheckpointFile>;

/** Whose events it has; another's would be counted as ours. */
export type Checkpointed = {readonly network: NetworkName; readonly contract: string};

/** Undefined when there is no such file. SSV_CHECKPOINT_INVALID when it is no checkpoint, another contract's, or not to be believed. */
export async function readCheckpoint(path: string, of: Checkpointed): Promise<Registry | undefined> {
  const file = await readJson(path, "the SSV checkpoint", CheckpointFile, "SSV_CHECKPOINT_INVALID").catch(unlessTorn);
  if (!file) return undefined;
  if (file.network !== of.network || file.contract !== of.contract) {
    throw invalid(path, `it is of contract ${file.contract} on ${file.network}, not of ${of.contract} on ${of.network}`);
  }
  try {
    return await toRegistry(file);
  } catch (error) {
    throw error instanceof DvtError ? invalid(path, error.message) : error;
  }
}

/** Verified as if it came from the chain: a file is no more to be believed than an endpoint. */
async function toRegistry(file: CheckpointFile): Promise<Registry> {
  const registered = new Map<string, Registered>();
  for (const {public_key, operator_ids, owner, nonce, shares_data} of file.validators) {
    await takeTurn();
    const registration = {operatorSet: toOperatorSet(operator_ids), owner, nonce, sharesData: fromHex(shares_data)};
    registered.set(public_key, believe(registration, public_key));
  }
  return {
    operatorSets: file.operator_sets.map(toOperatorSet),
    nextBlock: file.next_block,
    ...(file.final_block && {finalBlock: file.final_block}),
    nonces: new Map(file.owners.map(({address, nonce}) => [address, nonce])),
    registered,
  };
}

export async function writeCheckpoint(path: string, of: Checkpointed, registry: Registry): Promise<void> {
  const file: CheckpointFile = {
    version: 1,
    ...of,
    operator_sets: registry.operatorSets.map(operatorIdsOf),
    next_block: registry.nextBlock,
    ...(registry.finalBlock && {final_block: registry.finalBlock}),
    owners: [...registry.nonces].map(([address, nonce]) => ({address, nonce})),
    validators: [...registry.registered].map(([public_key, {operatorSet, owner, nonce, sharesData}]) => ({
      public_key,
      operator_ids: operatorIdsOf(operatorSet),
      owner,
      nonce,
      shares_data: toHex(sharesData),
    })),
  };
  await writeFileAtomic(path, JSON.stringify(file));
}

const invalid = (path: string, problem: string): DvtError =>
  new DvtError(
    "SSV_CHECKPOINT_INVALID",
    `read the SSV checkpoint ${path}: ${problem}; name another file, or delete it and the chain is read again`,
  );
