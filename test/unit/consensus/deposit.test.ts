import {describe, expect, it} from "vitest";
import type {NetworkName} from "../../../schemas/fields.js";
import {parseSecretKey} from "../../../src/bls/curve.js";
import {DepositData, depositSigningRoot} from "../../../src/consensus/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {type RecoverVector, recoverVectors} from "../../support/examples/recoverVectors.js";
import {vector} from "../../support/files.js";

type Deposit = {
  network: NetworkName;
  amount: number;
  validator_type: string;
  public_key: string;
  withdrawal_credentials: string;
  genesis_fork_version: string;
  signing_root: string;
  signature: string;
  deposit_data_root: string;
};
const {deposits} = vector<{deposits: Deposit[]}>("deposits.json");
const [{secret_key}] = recoverVectors as [RecoverVector];
const secretKey = parseSecretKey(fromHex(secret_key));

it("has vectors of every network", () => {
  expect(new Set(deposits.map(({network}) => network))).toEqual(new Set(Object.keys(networks)));
});

describe.each(deposits)("a deposit of type $validator_type on $network", (deposit) => {
  const network = networks[deposit.network];
  const message = {
    pubkey: fromHex(deposit.public_key),
    withdrawalCredentials: fromHex(deposit.withdrawal_credentials),
    amount: BigInt(deposit.amount),
  };

  it("is of the network's genesis fork version", () => {
    expect(toHex(network.genesisForkVersion)).toBe(deposit.genesis_fork_version);
  });

  it("has StakeWise's signing root and signature", () => {
    const root = depositSigningRoot(network, message);
    expect(toHex(root)).toBe(deposit.signing_root);
    expect(toHex(secretKey.sign(root).toBytes())).toBe(deposit.signature);
  });

  it("has StakeWise's deposit data root", () => {
    expect(toHex(DepositData.hashTreeRoot({...message, signature: fromHex(deposit.signature)}))).toBe(deposit.deposit_data_root);
  });
});
