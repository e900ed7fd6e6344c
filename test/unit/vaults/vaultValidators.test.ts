import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {
  encodeConsolidations,
  encodeFundings,
  encodeRegistrations,
  encodeWithdrawals,
} from "../../../src/vaults/vaultValidators.js";
import {vector} from "../../support/files.js";

type Common = {vault: string; chain_id: number; validators_registry_root: string; validators: string; signature: string};
type Deposit = {
  validator_type: "0x01" | "0x02";
  amount: number;
  public_key: string;
  signature: string;
  deposit_data_root: string;
};
type Signed = Common &
  (
    | {kind: "register"; deposit: Deposit}
    | {kind: "fund" | "withdraw"; public_keys: string[]; amounts: number[]}
    | {kind: "consolidate"; source_public_keys: string[]; target_public_keys: string[]}
  );
const {private_key, address, signatures} = vector<{private_key: string; address: string; signatures: Signed[]}>(
  "validators-manager.json",
);
const signer = createVaultSigner(fromHex(private_key), networks.hoodi.chainId);

const encode = (it: Signed): Uint8Array => {
  if (it.kind === "register") {
    const {validator_type, amount, public_key: publicKey, signature: depositSignature} = it.deposit;
    return encodeRegistrations(it.vault, validator_type, [{publicKey, amount, depositSignature}]);
  }
  if (it.kind === "consolidate") {
    return encodeConsolidations(it.source_public_keys.map((source, i) => ({source, target: it.target_public_keys[i] as string})));
  }
  const keyAmounts = it.public_keys.map((publicKey, i) => ({publicKey, amount: it.amounts[i] as number}));
  return it.kind === "fund" ? encodeFundings(it.vault, keyAmounts) : encodeWithdrawals(keyAmounts);
};

it("has a vector of each operation, of the network that is signed for", () => {
  expect(new Set(signatures.map(({kind}) => kind))).toEqual(new Set(["register", "fund", "withdraw", "consolidate"]));
  expect(new Set(signatures.map(({chain_id}) => chain_id))).toEqual(new Set([networks.hoodi.chainId]));
});

it("has the address of its key, with its checksum", () => {
  expect(signer.address).toBe(address);
});

describe.each(signatures.map((it) => ({id: `${it.kind} ${it.kind === "register" ? it.deposit.validator_type : ""}`, it})))(
  "what is signed for $id",
  ({it: of}) => {
    it("has StakeWise's bytes", () => {
      expect(toHex(encode(of))).toBe(of.validators);
    });

    it.each([of.vault, of.vault.toLowerCase()])("has StakeWise's signature for vault %s", async (vault) => {
      const message = {vault, validatorsRegistryRoot: of.validators_registry_root, validators: encode(of)};
      expect(await signer.sign(message)).toBe(of.signature);
    });
  },
);

it("has its validators one after the other", () => {
  const some = [1, 2].map((amount) => ({publicKey: `0x${`0${amount}`.repeat(48)}`, amount}));
  expect(toHex(encodeWithdrawals(some))).toBe(
    `0x${some.map(({publicKey, amount}) => `${publicKey.slice(2)}${`${amount}`.padStart(16, "0")}`).join("")}`,
  );
});

it("has amounts of 64 bits", () => {
  const bytes = encodeWithdrawals([{publicKey: `0x${"11".repeat(48)}`, amount: Number.MAX_SAFE_INTEGER}]);
  expect(toHex(bytes.subarray(48))).toBe("0x001fffffffffffff");
});

it.each([
  {id: "no key", privateKey: new Uint8Array(32)},
  {id: "a key of too many bytes", privateKey: new Uint8Array(33).fill(0xab)},
  {id: "a key above the curve's order", privateKey: new Uint8Array(32).fill(0xff)},
])("does not sign with $id, and does not quote it", ({privateKey}) => {
  const create = () => createVaultSigner(privateKey, 1);
  expect(create).toThrow(expect.objectContaining({code: "KEY_FILE_INVALID"}));
  expect(create).not.toThrow(/abab|ffff|1157/);
});
