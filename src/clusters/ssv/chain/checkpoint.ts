import {type Static, Type} from "typebox";
import {Bytes32, Network, type NetworkName, patterns} from "../../../../schemas/fields.js";
import {DvtError} from "../../../errors.js";
import {checkpointFile} from "../../../runtime/checkpointFile.js";
import {fromHex, toHex} from "../../../runtime/hex.js";
import {yieldToEventLoop} from "../../../runtime/yieldToEventLoop.js";
import {operatorIdsOf, type Registered, type Registry, toOperatorSet, verifyRegistration} from "./registry.js";

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

/** The contract whose events the checkpoint has: those of another contract must not count as ours. */
export type CheckpointOrigin = {readonly network: NetworkName; readonly contract: string};

const checkpoint = checkpointFile({what: "the SSV checkpoint", schema: CheckpointFile, code: "SSV_CHECKPOINT_INVALID"});

/** Undefined if there is no such file; SSV_CHECKPOINT_INVALID if it belongs to another contract or is wrong. */
export const readCheckpoint = (path: string, of: CheckpointOrigin): Promise<Registry | undefined> =>
  checkpoint.read(path, (file) => {
    if (file.network !== of.network || file.contract !== of.contract) {
      const problem = `it belongs to contract ${file.contract} on ${file.network}, not to ${of.contract} on ${of.network}`;
      throw new DvtError("SSV_CHECKPOINT_INVALID", problem);
    }
    return toRegistry(file);
  });

/** Verifies every registration as if it came from the chain: a file is trusted no more than an endpoint. */
async function toRegistry(file: CheckpointFile): Promise<Registry> {
  const registered = new Map<string, Registered>();
  for (const {public_key, operator_ids, owner, nonce, shares_data} of file.validators) {
    await yieldToEventLoop();
    const registration = {operatorSet: toOperatorSet(operator_ids), owner, nonce, sharesData: fromHex(shares_data)};
    registered.set(public_key, verifyRegistration(registration, public_key));
  }
  return {
    operatorSets: file.operator_sets.map(toOperatorSet),
    nextBlock: file.next_block,
    ...(file.final_block && {finalBlock: file.final_block}),
    nonces: new Map(file.owners.map(({address, nonce}) => [address, nonce])),
    registered,
  };
}

/** Replaces the file atomically. */
export const writeCheckpoint = (path: string, {network, contract}: CheckpointOrigin, registry: Registry): Promise<void> =>
  checkpoint.write(path, {
    version: 1,
    network,
    contract,
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
  });
