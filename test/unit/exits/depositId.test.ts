import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import type {NetworkName} from "../../../schemas/fields.js";
import {parseSecretKey} from "../../../src/bls/curve.js";
import {recoverSignature} from "../../../src/bls/threshold.js";
import {networks} from "../../../src/consensus/networks.js";
import {depositKeyOf, depositRootOf, isSameDeposit, withdrawalCredentialsOf} from "../../../src/exits/depositId.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {subsets} from "../../support/examples/keys.js";
import {aDeposit} from "../../support/examples/messages.js";
import {type RecoverVector, recoverVectors} from "../../support/examples/recoverVectors.js";
import {vector} from "../../support/files.js";

type DepositVector = Deposit & {
  network: NetworkName;
  public_key: string;
  withdrawal_credentials: string;
  signing_root: string;
  signature: string;
};
const {deposits} = vector<{deposits: DepositVector[]}>("deposits.json");
const [cluster] = recoverVectors as [RecoverVector];

describe.each(deposits)("StakeWise's deposit of type $validator_type on $network", (expected) => {
  const {vault, amount, validator_type} = expected;
  const deposit = {vault, amount, validator_type};
  const id = {network: networks[expected.network], publicKey: expected.public_key, deposit};

  it("has its withdrawal credentials and its signing root", () => {
    expect(toHex(withdrawalCredentialsOf(deposit))).toBe(expected.withdrawal_credentials);
    expect(toHex(depositRootOf(id))).toBe(expected.signing_root);
  });

  it("is signed by any threshold of the key's shares", () => {
    const root = depositRootOf(id);
    for (const some of subsets(cluster.shares, cluster.threshold)) {
      const shares = some.map(
        ({share_index, secret_key}) => [share_index, parseSecretKey(fromHex(secret_key)).sign(root)] as const,
      );
      expect(toHex(recoverSignature(new Map(shares)).toBytes())).toBe(expected.signature);
    }
  });
});

describe("a deposit", () => {
  const id = {network: networks.hoodi, publicKey: `0x${"ab".repeat(48)}`, deposit: aDeposit()};

  it("is identified by network, key, vault, amount and type", () => {
    expect(depositKeyOf(id)).toBe(`hoodi:0x${"ab".repeat(48)}:0x${"a1".repeat(20)}:32000000000:0x01`);
  });

  it.each<{id: string; change: Partial<Deposit>}>([
    {id: "vault", change: {vault: `0x${"a2".repeat(20)}`}},
    {id: "amount", change: {amount: 32_000_000_001}},
    {id: "type", change: {validator_type: "0x02"}},
  ])("of another $id is another deposit, with another root", ({change}) => {
    const other = {...id, deposit: aDeposit(change)};
    expect(isSameDeposit(other.deposit, id.deposit)).toBe(false);
    expect(depositKeyOf(other)).not.toBe(depositKeyOf(id));
    expect(depositRootOf(other)).not.toEqual(depositRootOf(id));
  });
});
