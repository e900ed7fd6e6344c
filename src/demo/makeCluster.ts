import {createCipheriv, createHash, pbkdf2, randomBytes, randomUUID} from "node:crypto";
import {writeFileSync} from "node:fs";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import pMap from "p-map";
import {parseSecretKey, type SecretKey} from "../bls/curve.js";
import {evaluate, randomScalar, scalarToBytes} from "../bls/scalar.js";
import {DepositData, DepositMessage, depositSigningRoot, toWithdrawalCredentials} from "../consensus/deposit.js";
import type {Network} from "../consensus/networks.js";
import {fromHex, toHex} from "../runtime/hex.js";

export type DealtValidator = {
  secretKey: SecretKey;
  /** By share index - 1. */
  secretShares: SecretKey[];
};

/** A validator's key and its Shamir shares at 1..nodes, from a polynomial of degree threshold - 1. A real cluster runs a DKG. */
export function dealValidator(nodes: number, threshold: number): DealtValidator {
  const coefficients = Array.from({length: threshold}, randomScalar);
  const at = (x: number): SecretKey => parseSecretKey(scalarToBytes(evaluate(coefficients, BigInt(x))));
  return {secretKey: at(0), secretShares: Array.from({length: nodes}, (_, node) => at(node + 1))};
}

/** Where the stake of a generated cluster would be withdrawn to: nobody's vault. */
export const demoVault = `0x${"11".repeat(20)}`;

/** Obol's cluster-lock.json as charon v1.7 writes it, without the hashes and signatures of a DKG that did not take place. */
export function toClusterLock(network: Network, validators: readonly DealtValidator[], nodes: number, threshold: number): object {
  const operator = {address: "", enr: "", config_signature: "", enr_signature: ""};
  const noAddress = `0x${"00".repeat(20)}`;
  return {
    cluster_definition: {
      name: "demo",
      operators: Array.from({length: nodes}, () => operator),
      uuid: randomUUID().toUpperCase(),
      version: "v1.7.0",
      timestamp: new Date().toISOString(),
      num_validators: validators.length,
      threshold,
      validators: validators.map(() => ({fee_recipient_address: noAddress, withdrawal_address: demoVault})),
      dkg_algorithm: "default",
      fork_version: toHex(network.genesisForkVersion),
    },
    distributed_validators: validators.map(({secretKey, secretShares}) => ({
      distributed_public_key: toHex(secretKey.toPublicKey().toBytes()),
      public_shares: secretShares.map((share) => toHex(share.toPublicKey().toBytes())),
    })),
  };
}

/** https://eips.ethereum.org/EIPS/eip-2335 with pbkdf2, whose cost a demo can bear. */
export async function toKeystore(secretKey: SecretKey, password: string, rounds = 262_144): Promise<object> {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const key = await promisify(pbkdf2)(password, salt, rounds, 32, "sha256");
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), iv);
  const message = Buffer.concat([cipher.update(secretKey.toBytes()), cipher.final()]);
  const checksum = createHash("sha256").update(key.subarray(16)).update(message).digest("hex");
  const salted = {dklen: 32, c: rounds, prf: "hmac-sha256", salt: salt.toString("hex")};
  return {
    crypto: {
      kdf: {function: "pbkdf2", params: salted, message: ""},
      checksum: {function: "sha256", params: {}, message: checksum},
      cipher: {function: "aes-128-ctr", params: {iv: iv.toString("hex")}, message: message.toString("hex")},
    },
    pubkey: Buffer.from(secretKey.toPublicKey().toBytes()).toString("hex"),
    path: "m/12381/3600/0/0/0",
    uuid: randomUUID(),
    version: 4,
  };
}

/** deposit_data.json in ethstaker-deposit-cli's format, each deposit signed with the whole key. */
export function toDepositData(network: Network, validators: readonly DealtValidator[]): object[] {
  const withdrawalCredentials = toWithdrawalCredentials("0x01", fromHex(demoVault));
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

export type ClusterFiles = {clusterLock: string; keystoresTemplate: string; depositData: string};
export type ClusterSize = {validators: number; nodes: number; threshold: number; keystoreRounds?: number};

/** Deals a cluster and writes what its nodes would hold: the lock, the deposit data, and per node its keystores. */
export async function writeCluster(
  folder: string,
  network: Network,
  {validators: count, nodes, threshold, keystoreRounds}: ClusterSize,
): Promise<ClusterFiles> {
  const validators = Array.from({length: count}, () => dealValidator(nodes, threshold));
  const files = {
    clusterLock: join(folder, "cluster-lock.json"),
    keystoresTemplate: join(folder, "node{node_index}", "validator_keys"),
    depositData: join(folder, "deposit_data.json"),
  };
  await mkdir(folder, {recursive: true});
  await writeFile(files.clusterLock, JSON.stringify(toClusterLock(network, validators, nodes, threshold), undefined, 2));
  await writeFile(files.depositData, JSON.stringify(toDepositData(network, validators)));
  for (let node = 0; node < nodes; node++) {
    const shares = validators.map(({secretShares}) => secretShares[node] as SecretKey);
    await writeKeystores(keystoresOf(files.keystoresTemplate, node), shares, keystoreRounds);
  }
  return files;
}

/** One node's validator_keys, as charon names the files. */
export async function writeKeystores(directory: string, shares: readonly SecretKey[], rounds?: number): Promise<void> {
  await mkdir(directory, {recursive: true, mode: 0o700});
  const write = async (share: SecretKey, position: number): Promise<void> => {
    const password = randomBytes(16).toString("hex");
    const keystore = await toKeystore(share, password, rounds);
    // Thousands of small files: several times as fast as by promises.
    writeFileSync(join(directory, `keystore-${position}.json`), JSON.stringify(keystore), {mode: 0o600});
    writeFileSync(join(directory, `keystore-${position}.txt`), password, {mode: 0o600});
  };
  await pMap(shares, write, {concurrency: 8});
}

export const keystoresOf = (template: string, nodeIndex: number): string =>
  template.replaceAll("{node_index}", String(nodeIndex));
