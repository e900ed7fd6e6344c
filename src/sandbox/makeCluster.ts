import {randomBytes, randomUUID} from "node:crypto";
import {writeFileSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import pMap from "p-map";
import {parseSecretKey, type SecretKey} from "../bls/curve.js";
import {evaluate, randomScalar, scalarToBytes} from "../bls/scalar.js";
import {hashObolLock} from "../clusters/obol/obolLockHashes.js";
import {DepositData, DepositMessage, depositSigningRoot, toWithdrawalCredentials} from "../consensus/deposit.js";
import type {Network} from "../consensus/networks.js";
import {fromHex, toHex} from "../runtime/hex.js";
import {encryptSecret} from "./encryptSecret.js";

/** A validator's key, and the key shares of its nodes. */
export type DealtValidator = {
  secretKey: SecretKey;
  /** In the order of the share indexes; where these are 1, 2, 3 …, at share index - 1. */
  secretShares: SecretKey[];
};

/** A validator's key and its Shamir shares at 1..nodes, from a polynomial of degree threshold - 1. A real cluster runs a DKG. */
export const dealValidator = (nodes: number, threshold: number): DealtValidator =>
  dealAt(
    Array.from({length: nodes}, (_, node) => node + 1),
    threshold,
  );

/** The same, at any share indexes. */
export function dealAt(shareIndexes: readonly number[], threshold: number): DealtValidator {
  const coefficients = Array.from({length: threshold}, randomScalar);
  const at = (x: number): SecretKey => parseSecretKey(scalarToBytes(evaluate(coefficients, BigInt(x))));
  return {secretKey: at(0), secretShares: shareIndexes.map(at)};
}

/** The vault of generated clusters, which nobody owns. */
export const demoVault = `0x${"11".repeat(20)}`;

/** A cluster's points, compressed, and the sum of all its key shares, which signs its lock. */
export type DealtPoints = {
  readonly validators: readonly {readonly publicKey: Uint8Array; readonly publicShares: readonly Uint8Array[]}[];
  readonly sumOfShares: bigint;
};

const toPoints = (validators: readonly DealtValidator[]): DealtPoints => ({
  validators: validators.map(({secretKey, secretShares}) => ({
    publicKey: secretKey.toPublicKey().toBytes(),
    publicShares: secretShares.map((share) => share.toPublicKey().toBytes()),
  })),
  sumOfShares: validators
    .flatMap(({secretShares}) => secretShares.map((share) => BigInt(toHex(share.toBytes()))))
    .reduce((total, share) => total + share, 0n),
});

/** Obol's cluster-lock.json as charon v1.7 writes it, without the operators' signatures, since there was no DKG. */
export const toClusterLock = (
  network: Network,
  validators: readonly DealtValidator[],
  nodes: number,
  threshold: number,
  vault?: string,
): object => sealClusterLock(network, toPoints(validators), nodes, threshold, vault);

/** The same of points. */
export function sealClusterLock(
  network: Network,
  {validators, sumOfShares}: DealtPoints,
  nodes: number,
  threshold: number,
  vault = demoVault,
): object {
  const operator = {address: "", enr: "", config_signature: "", enr_signature: ""};
  const noAddress = `0x${"00".repeat(20)}`;
  const definition = {
    name: "demo",
    operators: Array.from({length: nodes}, () => operator),
    uuid: randomUUID().toUpperCase(),
    version: "v1.7.0",
    timestamp: new Date().toISOString(),
    num_validators: validators.length,
    threshold,
    validators: validators.map(() => ({fee_recipient_address: noAddress, withdrawal_address: vault})),
    dkg_algorithm: "default",
    fork_version: toHex(network.genesisForkVersion),
  };
  const distributed_validators = validators.map(({publicKey, publicShares}) => ({
    distributed_public_key: toHex(publicKey),
    public_shares: publicShares.map(toHex),
  }));
  return seal({cluster_definition: definition, distributed_validators}, sumOfShares);
}

type Unsealed = {cluster_definition: object; distributed_validators: object[]};

/** Adds the lock's hashes, and the aggregate of all key shares' signatures, which is the signature of the shares' sum. */
function seal(lock: Unsealed, sumOfShares: bigint): object {
  const {hashes, problem} = hashObolLock(lock);
  if (!hashes) throw new Error(`seal a lock: ${problem}`);
  const {config_hash, definition_hash, lock_hash} = hashes;
  return {
    ...lock,
    cluster_definition: {...lock.cluster_definition, config_hash: toHex(config_hash), definition_hash: toHex(definition_hash)},
    signature_aggregate: toHex(parseSecretKey(scalarToBytes(sumOfShares)).sign(lock_hash).toBytes()),
    lock_hash: toHex(lock_hash),
  };
}

/** A keystore as https://eips.ethereum.org/EIPS/eip-2335 has it. */
export const toKeystore = async (secretKey: SecretKey, password: string, rounds?: number): Promise<object> => ({
  crypto: await encryptSecret(secretKey.toBytes(), password, rounds),
  pubkey: Buffer.from(secretKey.toPublicKey().toBytes()).toString("hex"),
  path: "m/12381/3600/0/0/0",
  uuid: randomUUID(),
  version: 4,
});

/** deposit_data.json in ethstaker-deposit-cli's format, each deposit signed with the whole key. */
export function toDepositData(network: Network, validators: readonly DealtValidator[], vault = demoVault): object[] {
  const withdrawalCredentials = toWithdrawalCredentials("0x01", fromHex(vault));
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  return validators.map(({secretKey}) => {
    const message = {pubkey: secretKey.toPublicKey().toBytes(), withdrawalCredentials, amount: 32_000_000_000n};
    const signature = secretKey.sign(depositSigningRoot(network, message)).toBytes();
    return {
      pubkey: hex(message.pubkey),
      withdrawal_credentials: hex(withdrawalCredentials),
      amount: Number(message.amount),
      signature: hex(signature),
      deposit_message_root: hex(DepositMessage.hashTreeRoot(message)),
      deposit_data_root: hex(DepositData.hashTreeRoot({...message, signature})),
      fork_version: hex(network.genesisForkVersion),
      network_name: network.name,
      deposit_cli_version: "2.7.0",
    };
  });
}

/** The paths of a generated cluster's files. */
export type ClusterFiles = {clusterLock: string; keystoresTemplate: string; depositData: string};
/** The size of a cluster to generate; its vault is the demo's unless it is said. */
export type ClusterSize = {validators: number; nodes: number; threshold: number; keystoreRounds?: number; vault?: string};

/** Deals a cluster and writes its files: the lock, the deposit data, and each node's keystores. */
export async function writeCluster(
  folder: string,
  network: Network,
  {validators: count, nodes, threshold, keystoreRounds, vault}: ClusterSize,
): Promise<ClusterFiles> {
  const validators = Array.from({length: count}, () => dealValidator(nodes, threshold));
  const files = {
    clusterLock: join(folder, "cluster-lock.json"),
    keystoresTemplate: join(folder, "node{node_index}", "validator_keys"),
    depositData: join(folder, "deposit_data.json"),
  };
  await mkdir(folder, {recursive: true});
  await writeFile(files.clusterLock, JSON.stringify(toClusterLock(network, validators, nodes, threshold, vault), undefined, 2));
  await writeFile(files.depositData, JSON.stringify(toDepositData(network, validators, vault)));
  for (let node = 0; node < nodes; node++) {
    const shares = validators.map(({secretShares}) => secretShares[node] as SecretKey);
    await writeKeystores(keystoresOf(files.keystoresTemplate, node), shares, keystoreRounds);
  }
  return files;
}

/** Writes one node's validator_keys, named as charon names them. */
export async function writeKeystores(directory: string, shares: readonly SecretKey[], rounds?: number): Promise<void> {
  await mkdir(directory, {recursive: true, mode: 0o700});
  const write = async (share: SecretKey, position: number): Promise<void> => {
    const password = randomBytes(16).toString("hex");
    const keystore = await toKeystore(share, password, rounds);
    // For thousands of small files several times as fast as promises.
    writeFileSync(join(directory, `keystore-${position}.json`), JSON.stringify(keystore), {mode: 0o600});
    writeFileSync(join(directory, `keystore-${position}.txt`), password, {mode: 0o600});
  };
  await pMap(shares, write, {concurrency: 8});
}

/** The folder of a node's keystores. */
export const keystoresOf = (template: string, nodeIndex: number): string =>
  template.replaceAll("{node_index}", String(nodeIndex));
