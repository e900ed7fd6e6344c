import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {createVaultSigner} from "../../../src/execution/vaultSignature.js";
import {createValidatorsManager} from "../../../src/vaults/createValidatorsManager.js";
import type {ValidatorsManager} from "../../../src/vaults/validatorsManager.js";
import type {VaultOperation} from "../../../src/vaults/vaultRules.js";
import {keyOf} from "../../support/examples/deposits.js";

const vault = `0x${"a1".repeat(20)}`;
const otherVault = `0x${"b2".repeat(20)}`;
const nonce = `0x${"00".repeat(32)}`;
const most = 64;

/** Only these operations are named, each up to the same amount. */
function aManager(...operations: VaultOperation[]): ValidatorsManager {
  const signer = createVaultSigner(new Uint8Array(32).fill(7), networks.hoodi.chainId);
  const contracts = {
    depositRoot: async () => nonce,
    managerNonce: async () => nonce,
    validatorsManager: async () => signer.address,
    isContract: async () => false,
    askSignature: async () => "no contract" as const,
  };
  const limits = new Map(operations.map((operation) => [operation, {maxAmount: most}]));
  const rules = new Map([[vault, {vault, clusters: new Set<string>(), operations: limits, allowFullExits: false}]]);
  return createValidatorsManager({signer, contracts, rules, chain: undefined});
}

const sign: Record<VaultOperation, (manager: ValidatorsManager, of: string, amount: number, keys?: number) => Promise<string>> = {
  register: (manager, of, amount) =>
    manager.signRegistration(of, "0x02", amountsOf(amount, 1), {
      depositRoot: nonce,
    }),
  fund: (manager, of, amount, keys = 1) => manager.signFunding(of, amountsOf(amount, keys)),
  withdraw: (manager, of, amount, keys = 1) => manager.signWithdrawal(of, amountsOf(amount, keys)),
  consolidate: (manager, of, _, keys = 1) =>
    manager.signConsolidation(
      of,
      amountsOf(1, keys).map(({publicKey}) => ({source: publicKey, target: keyOf("a target")})),
    ),
};
const amountsOf = (amount: number, keys: number) =>
  Array.from({length: keys}, (_, of) => ({publicKey: keyOf(`key ${of}`), amount, depositSignature: `0x${"11".repeat(96)}`}));

const every = ["register", "fund", "withdraw", "consolidate"] as const;
const limited = ["register", "fund", "withdraw"] as const;

it.each(every)("signs to %s what the rules allow, whoever checked it before", async (operation) => {
  expect(await sign[operation](aManager(operation), vault, most)).toMatch(/^0x[0-9a-f]{130}$/);
});

it.each([
  ...every.map((operation) => ({operation, id: "for a vault that they do not name", of: otherVault})),
  ...every.map((operation) => ({operation, id: "if they do not name that", named: every.filter((it) => it !== operation)})),
  ...limited.map((operation) => ({operation, id: "more than they allow", amount: most + 1})),
  ...limited.map((operation) => ({operation, id: "nothing, which exits a validator that is withdrawn from", amount: 0})),
  ...(["fund", "consolidate"] as const).map((operation) => ({operation, id: "seven at once", keys: 7})),
] as {operation: VaultOperation; id: string; of?: string; named?: VaultOperation[]; amount?: number; keys?: number}[])(
  "signs nothing to $operation against the rules: $id",
  async ({operation, of = vault, named = [operation], amount = most, keys}) => {
    await expect(sign[operation](aManager(...named), of, amount, keys)).rejects.toThrow(`sign ${operation} for ${of}: `);
  },
);
