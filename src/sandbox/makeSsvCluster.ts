import {constants, generateKeyPair, type KeyObject, publicEncrypt, randomBytes} from "node:crypto";
import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {type Owner, ownerDigest, ssvThresholdOf} from "../clusters/ssv/ssvShares.js";
import type {Network} from "../consensus/networks.js";
import {toChecksumAddress} from "../runtime/checksumAddress.js";
import {toHex} from "../runtime/hex.js";
import {encryptSecret} from "./encryptSecret.js";
import {type DealtValidator, dealAt, toDepositData} from "./makeCluster.js";

/** An SSV operator with its RSA keys. */
export type SsvOperator = {id: number; publicKey: KeyObject; privateKey: KeyObject};

const first = [5, 123, 900, 1042];
/** Realistic operator ids, not 1, 2, 3. */
export const ssvOperatorIds = (count: number): number[] =>
  Array.from({length: count}, (_, position) => first[position] ?? 1042 + 77 * (position - 3));

/** Makes an operator with new RSA keys. */
export async function makeSsvOperator(id: number): Promise<SsvOperator> {
  return {id, ...(await promisify(generateKeyPair)("rsa", {modulusLength: 2048}))};
}

/** keyshares.json as ssv-keys writes it, for validators that this owner registers in this order. */
export function toKeyshares(
  validators: readonly DealtValidator[],
  operators: readonly SsvOperator[],
  {address, nonce}: Owner,
): object {
  return {
    version: "v1.2.0",
    createdAt: new Date().toISOString(),
    shares: validators.map((validator, position) => {
      const owner = {address: toChecksumAddress(address), nonce: nonce + position};
      const publicKey = toHex(validator.secretKey.toPublicKey().toBytes());
      return {
        data: {
          ownerNonce: owner.nonce,
          ownerAddress: owner.address,
          publicKey,
          operators: operators.map(({id, publicKey}) => ({id, operatorKey: toBase64Pem(publicKey)})),
        },
        payload: {
          publicKey,
          operatorIds: operators.map(({id}) => id),
          sharesData: toHex(toSharesData(validator, operators, owner)),
        },
      };
    }),
  };
}

function toSharesData({secretKey, secretShares}: DealtValidator, operators: readonly SsvOperator[], owner: Owner): Uint8Array {
  const encrypt = (message: string, key: KeyObject): Uint8Array =>
    publicEncrypt({key, padding: constants.RSA_PKCS1_PADDING}, Buffer.from(message));
  return Buffer.concat([
    secretKey.sign(ownerDigest(owner)).toBytes(),
    ...secretShares.map((share) => share.toPublicKey().toBytes()),
    ...secretShares.map((share, position) => encrypt(toHex(share.toBytes()), (operators[position] as SsvOperator).publicKey)),
  ]);
}

const toBase64Pem = (publicKey: KeyObject): string =>
  Buffer.from(publicKey.export({type: "spki", format: "pem"})).toString("base64");

/** encrypted_private_key.json as the SSV node writes it. */
export const toEncryptedKey = async (
  {privateKey, publicKey}: SsvOperator,
  password: string,
  rounds?: number,
): Promise<object> => ({
  ...(await encryptSecret(Buffer.from(privateKey.export({type: "pkcs1", format: "pem"})), password, rounds)),
  pubKey: toBase64Pem(publicKey),
});

/** The paths of a generated SSV cluster's files. */
export type SsvClusterFiles = {
  keyshares: string;
  depositData: string;
  /** The folder of an operator's encrypted_private_key.json and password, or its path with a placeholder for the id. */
  folderOf(operatorId: number | "{operator_id}"): string;
};
/** The size of an SSV cluster to generate. */
export type SsvClusterSize = {validators: number; operatorIds: readonly number[]; rounds?: number; vault?: string};

/** Deals a cluster and writes its files: the keyshares file, the deposit data, and each operator's RSA key. */
export async function writeSsvCluster(
  folder: string,
  network: Network,
  {validators: count, operatorIds, rounds, vault}: SsvClusterSize,
): Promise<SsvClusterFiles> {
  const operators = await Promise.all(operatorIds.map(makeSsvOperator));
  const threshold = ssvThresholdOf(operatorIds, "the generated cluster's operators");
  const validators = Array.from({length: count}, () => dealAt(operatorIds, threshold));
  const owner = {address: toHex(randomBytes(20)), nonce: 0};
  const files = {
    keyshares: join(folder, "keyshares.json"),
    depositData: join(folder, "deposit_data.json"),
    folderOf: (operatorId: number | "{operator_id}"): string => join(folder, `operator-${operatorId}`),
  };
  await mkdir(folder, {recursive: true});
  await writeFile(files.keyshares, JSON.stringify(toKeyshares(validators, operators, owner), undefined, 2));
  await writeFile(files.depositData, JSON.stringify(toDepositData(network, validators, vault)));
  await Promise.all(operators.map((operator) => writeOperatorKey(files.folderOf(operator.id), operator, rounds)));
  return files;
}

async function writeOperatorKey(folder: string, operator: SsvOperator, rounds?: number): Promise<void> {
  const password = randomBytes(16).toString("hex");
  await mkdir(folder, {recursive: true, mode: 0o700});
  await writeFile(join(folder, "password"), password, {mode: 0o600});
  await writeFile(join(folder, "encrypted_private_key.json"), JSON.stringify(await toEncryptedKey(operator, password, rounds)), {
    mode: 0o600,
  });
}
