import {type Static, Type} from "typebox";
import {
  concat,
  decodeAbiParameters,
  type Hex,
  hashTypedData,
  parseAbi,
  recoverAddress,
  type TypedDataDefinition,
  toEventSelector,
} from "viem";
import {patterns} from "../../../schemas/fields.js";
import {parsePublicKey, parseSignature, verifySignature} from "../../bls/curve.js";
import {depositSigningRoot, fullStakeGwei, toWithdrawalCredentials} from "../../consensus/deposit.js";
import type {Network} from "../../consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../consensus/voluntaryExit.js";
import {decrypt} from "../../ecies/ecies.js";
import {areShardsOf} from "../../exits/checkShards.js";
import {createFindValid, type Deposit} from "../../registry/validDeposits.js";
import {fromHex, toHex} from "../../runtime/hex.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import {encodeRegistrations} from "../../vaults/vaultValidators.js";
import type {Anvil} from "./anvil.js";
import {abiOf} from "./contracts.js";
import {oracleMessages} from "./oracleMessages.js";
import {bindContract, type DeployedContract, type StakeWise} from "./stakeWise.js";

/** Why an oracle answers 400. */
export class Refusal extends Error {}
const refuse = (reason: string): never => {
  throw new Refusal(reason);
};

const hexOf = (bytes: number) => Type.String({pattern: `^0x[0-9a-fA-F]{${2 * bytes}}$`});
const strict = {additionalProperties: false};
const shards = {
  public_keys: Type.Array(hexOf(48), {minItems: 1}),
  public_key_shards: Type.Array(Type.Array(hexOf(48))),
  exit_signature_shards: Type.Array(Type.Array(Type.String({pattern: "^0x([0-9a-fA-F]{2})+$"}))),
  deadline: Type.Integer(),
};
/** What an oracle is asked to approve; all fields are needed, also `amounts`, which is null for 0x01 validators. */
export const ApprovalRequest = Type.Object(
  {
    ...shards,
    validator_index: Type.Integer({minimum: 0}),
    vault_address: Type.String({pattern: patterns.address}),
    validators_root: hexOf(32),
    deposit_signatures: Type.Array(hexOf(96)),
    validators_manager_signature: hexOf(65),
    amounts: Type.Union([Type.Null(), Type.Array(Type.Integer({minimum: 1}))]),
  },
  strict,
);
export type ApprovalRequest = Static<typeof ApprovalRequest>;
export const RotationRequest = Type.Object({...shards, vault_address: Type.String({pattern: patterns.address})}, strict);
export type RotationRequest = Static<typeof RotationRequest>;
export const ConsolidationRequest = Type.Object(
  {public_keys: Type.Array(hexOf(48), {minItems: 1}), vault_address: Type.String({pattern: patterns.address})},
  strict,
);
export type ConsolidationRequest = Static<typeof ConsolidationRequest>;

/** The chain as oracles see it, and the limits in their config. */
export type OracleWorld = {
  readonly anvil: Anvil;
  readonly stakeWise: StakeWise;
  readonly network: Network;
  /** How many oracles there are, and how many shards recover an exit. */
  readonly count: number;
  readonly threshold: number;
  /** Seconds. */
  readonly validityPeriod: number;
  readonly approvalLimit: number;
  readonly rotationLimit: number;
};
/** What an oracle signs with its key; `position`: from 0, in the config. */
export type OracleSelf = {readonly privateKey: Uint8Array; readonly position: number};

/** What oracles check, each with its own key, before they sign. Throws a Refusal. */
export type OracleRules = {
  approval(self: OracleSelf, request: ApprovalRequest, signed: Signed): Promise<TypedDataDefinition>;
  rotation(self: OracleSelf, request: RotationRequest, signed: Signed): Promise<TypedDataDefinition>;
  consolidation(request: ConsolidationRequest): Promise<TypedDataDefinition>;
  /** The keys that have a valid deposit, in their order: a validator's index is its key's position. */
  validators(): Promise<readonly string[]>;
  /** The first valid deposit of each, in the same order. */
  firstDeposits(): Promise<readonly Deposit[]>;
  /** The block in which the vault's exits were last approved or rotated, or null. */
  exitsBlock(vault: string): Promise<number | null>;
};
type Signed = {readonly ipfsHash: string; readonly deadline: number};

export function createOracleRules(world: OracleWorld): OracleRules {
  const {anvil, stakeWise, network, count, threshold} = world;
  const {keeper, depositContract, checker, chainId} = stakeWise;
  const verifier = ({address}: DeployedContract) => ({chainId, address});
  const findValid = createFindValid(network);

  const readDeposits = async (): Promise<Deposit[]> => {
    const logs = await anvil.rpc<{data: Hex}[]>("eth_getLogs", {address: depositContract.address, fromBlock: "earliest"});
    return logs.map(({data}) => {
      const [publicKey, withdrawalCredentials, amount, signature] = decodeAbiParameters(depositFields, data) as readonly Hex[];
      const gwei = Buffer.from((amount as Hex).slice(2), "hex").readBigUInt64LE();
      return {publicKey, withdrawalCredentials, signature, amount: gwei} as Deposit;
    });
  };
  const firstDeposits = async (): Promise<Deposit[]> => {
    const first = new Map<string, Deposit>();
    for (const deposit of await findValid(await readDeposits())) {
      if (!first.has(deposit.publicKey)) first.set(deposit.publicKey, deposit);
    }
    return [...first.values()];
  };
  const validators = async () => (await firstDeposits()).map(({publicKey}) => publicKey);

  const checkVault = async (vault: string): Promise<void> => {
    if (!(await keeper.read<boolean>("vaults", vault))) refuse("vault_address is of no vault");
  };
  const checkDeadline = (deadline: number): void => {
    const now = Date.now() / 1000;
    if (deadline <= now) refuse("deadline has passed");
    if (deadline > now + world.validityPeriod + slackSeconds) refuse("deadline is too far away");
  };
  const checkLength = (list: readonly unknown[], length: number, name: string): void => {
    if (list.length !== length) refuse(`${name} has ${list.length} entries instead of ${length}`);
  };
  /** Each validator's own shard and the polynomial of all of them. */
  const checkShards = async (
    {privateKey, position}: OracleSelf,
    request: Pick<ApprovalRequest, "public_keys" | "public_key_shards" | "exit_signature_shards">,
    indexes: readonly number[],
  ): Promise<void> => {
    const {public_keys: keys, public_key_shards: keyShards, exit_signature_shards: exitShards} = request;
    if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) refuse("public_keys has a key twice");
    checkLength(keyShards, keys.length, "public_key_shards");
    checkLength(exitShards, keys.length, "exit_signature_shards");
    for (const [i, key] of keys.entries()) {
      // All oracles share a process with the beacon node that is played.
      await yieldToEventLoop();
      const [publicShards, encrypted] = [keyShards[i] as string[], exitShards[i] as string[]];
      checkLength(publicShards, count, `public_key_shards[${i}]`);
      checkLength(encrypted, count, `exit_signature_shards[${i}]`);
      const publicKey = orRefuse(() => parsePublicKey(fromHex(key)), `public_keys[${i}] is no key`);
      if (!areShardsOf(publicKey, publicShards.map(fromHex), threshold)) {
        refuse(`public_key_shards[${i}] are not on one polynomial with the key`);
      }
      const own = orRefuse(
        () => decrypt(privateKey, fromHex(encrypted[position] as string)),
        `exit_signature_shards[${i}] cannot be decrypted`,
      );
      const shard = orRefuse(() => parseSignature(own), `exit_signature_shards[${i}] is no signature`);
      const root = voluntaryExitSigningRoot(network, indexes[i] as number);
      if (!verifySignature(parsePublicKey(fromHex(publicShards[position] as string)), root, shard)) {
        refuse(`exit_signature_shards[${i}] is not of the exit of index ${indexes[i]}`);
      }
    }
  };
  const checkDeposits = (request: ApprovalRequest, validatorType: "0x01" | "0x02", amounts: readonly number[]): void => {
    const withdrawalCredentials = toWithdrawalCredentials(validatorType, fromHex(request.vault_address));
    for (const [i, key] of request.public_keys.entries()) {
      const message = {pubkey: fromHex(key), withdrawalCredentials, amount: BigInt(amounts[i] as number)};
      const isSigned = orRefuse(
        () =>
          verifySignature(
            parsePublicKey(message.pubkey),
            depositSigningRoot(network, message),
            parseSignature(fromHex(request.deposit_signatures[i] as string)),
          ),
        `deposit_signatures[${i}] is no signature`,
      );
      if (!isSigned) refuse(`deposit_signatures[${i}] does not sign the deposit`);
    }
  };
  const checkManager = async (request: ApprovalRequest, encoded: Hex): Promise<void> => {
    const vault = bindContract(anvil, {abi: abiOf("Vault"), address: request.vault_address as Hex, account: ""});
    const hash = hashTypedData({
      domain: {name: "VaultValidators", version: "1", chainId, verifyingContract: vault.address},
      types: managerTypes,
      primaryType: "VaultValidators",
      message: {validatorsRegistryRoot: request.validators_root as Hex, validators: encoded},
    });
    const signature = request.validators_manager_signature as Hex;
    const manager = await vault.read<Hex>("validatorsManager");
    const isContract = (await anvil.rpc<string>("eth_getCode", manager, "latest")) !== "0x";
    const isSigned = isContract
      ? (await bindContract(anvil, {abi: erc1271, address: manager, account: ""}).read("isValidSignature", hash, signature)) ===
        erc1271Accepted
      : (await recoverAddress({hash, signature}).catch(() => undefined)) === manager;
    if (!isSigned) refuse("validators_manager_signature is not the manager's");
  };

  return {
    validators,
    firstDeposits,
    async approval(self, request, {ipfsHash, deadline}) {
      const {public_keys: keys, amounts} = request;
      if (keys.length > world.approvalLimit) refuse(`public_keys has more than ${world.approvalLimit} keys`);
      checkLength(request.deposit_signatures, keys.length, "deposit_signatures");
      if (amounts !== null) checkLength(amounts, keys.length, "amounts");
      checkDeadline(request.deadline);
      await checkVault(request.vault_address);
      if ((await depositContract.read<string>("get_deposit_root")) !== request.validators_root.toLowerCase()) {
        refuse("validators_root is not that of the deposit contract");
      }
      const known = await validators();
      if (request.validator_index !== known.length) refuse(`validator_index is not ${known.length}`);
      const [registered] = keys.filter((key) => known.includes(key.toLowerCase()));
      if (registered !== undefined) refuse(`public_keys has ${registered}, which is registered`);
      const gwei = amounts ?? keys.map(() => fullStakeGwei);
      if (gwei.some((amount) => amount < fullStakeGwei || amount > 64 * fullStakeGwei))
        refuse("amounts has one that no vault takes");
      const validatorType = amounts === null ? "0x01" : "0x02";
      checkDeposits(request, validatorType, gwei);
      await checkShards(
        self,
        request,
        keys.map((_, i) => request.validator_index + i),
      );
      const registrations = keys.map((publicKey, i) => {
        return {publicKey, amount: gwei[i] as number, depositSignature: request.deposit_signatures[i] as string};
      });
      const encoded = toHex(encodeRegistrations(request.vault_address, validatorType, registrations)) as Hex;
      await checkManager(request, encoded);
      return oracleMessages.approval(verifier(keeper), {
        validatorsRegistryRoot: request.validators_root,
        vault: request.vault_address,
        validators: encoded,
        exitSignaturesIpfsHash: ipfsHash,
        deadline: BigInt(deadline),
      });
    },
    async rotation(self, request, {ipfsHash, deadline}) {
      const {public_keys: keys, vault_address: vault} = request;
      if (keys.length > world.rotationLimit) refuse(`public_keys has more than ${world.rotationLimit} keys`);
      checkDeadline(request.deadline);
      await checkVault(vault);
      const known = await validators();
      const indexes = keys.map((key) => known.indexOf(key.toLowerCase()));
      if (indexes.includes(-1)) refuse("public_keys has one that is no validator");
      await checkShards(self, request, indexes);
      const nonce = await keeper.read<bigint>("exitSignaturesNonces", vault);
      const message = {vault, exitSignaturesIpfsHash: ipfsHash, nonce, deadline: BigInt(deadline)};
      return oracleMessages.rotation(verifier(keeper), message);
    },
    async consolidation({public_keys: keys, vault_address: vault}) {
      await checkVault(vault);
      const known = await validators();
      if (keys.some((key) => !known.includes(key.toLowerCase()))) refuse("public_keys has one that is no validator");
      const pairs = concat(keys.flatMap((key) => [key as Hex, key as Hex]));
      return oracleMessages.consolidation(verifier(checker), {vault, validators: pairs});
    },
    async exitsBlock(vault) {
      const ofVault = `0x${vault.slice(2).toLowerCase().padStart(64, "0")}`;
      const events = [
        [approvedTopic, ofVault],
        [rotatedTopic, null, ofVault],
      ];
      const logs = await Promise.all(
        events.map((topics) =>
          anvil.rpc<{blockNumber: Hex}[]>("eth_getLogs", {address: keeper.address, fromBlock: "earliest", topics}),
        ),
      );
      const blocks = logs.flat().map(({blockNumber}) => Number(blockNumber));
      return blocks.length > 0 ? Math.max(...blocks) : null;
    },
  };
}

/** Clocks of requests and of oracles differ. */
const slackSeconds = 60;

function orRefuse<T>(get: () => T, reason: string): T {
  try {
    return get();
  } catch {
    return refuse(reason);
  }
}

const depositFields = Array.from({length: 5}, () => ({type: "bytes"}) as const);
const erc1271 = parseAbi(["function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)"]);
const erc1271Accepted = "0x1626ba7e";
const approvedTopic = toEventSelector("event ValidatorsApproval(address,string)");
const rotatedTopic = toEventSelector("event ExitSignaturesUpdated(address,address,uint256,string)");

const managerTypes = {
  VaultValidators: [
    {type: "bytes32", name: "validatorsRegistryRoot"},
    {type: "bytes", name: "validators"},
  ],
};
