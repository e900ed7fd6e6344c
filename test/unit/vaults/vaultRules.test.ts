import {describe, expect, it} from "vitest";
import {loadVaultRules} from "../../../src/vaults/loadVaultRules.js";
import {
  type VaultOperation,
  type VaultRules,
  whyForeign,
  whyNotAmount,
  whyNotCluster,
  whyNotTogether,
} from "../../../src/vaults/vaultRules.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();
const vault = `0x${"ab".repeat(20)}`;
const other = `0x${"cd".repeat(20)}`;
const clusters = ["alpha"];
const load = (content: unknown, allowFullExits = false) => loadVaultRules(folder.write("rules.json", content), {allowFullExits});

describe("the rules file", () => {
  it("returns for each vault what is signed, and no more", async () => {
    const rules = await load([
      {vault: `0x${"AB".repeat(20)}`, clusters: ["alpha"], fund: {max_amount: 5}, consolidate: {}},
      {vault: other, clusters: ["beta"], register: {max_amount: 1}, withdraw: {max_amount: 2}},
    ]);
    expect([...rules.keys()]).toEqual([vault, other]);
    expect(rules.get(vault)).toEqual({
      vault,
      clusters: new Set(["alpha"]),
      allowFullExits: false,
      operations: new Map([
        ["fund", {maxAmount: 5}],
        ["consolidate", {maxAmount: Number.POSITIVE_INFINITY}],
      ]),
    });
    expect([...(rules.get(other)?.operations.keys() ?? [])]).toEqual(["register", "withdraw"]);
  });

  it("may limit what is registered within a day", async () => {
    const rules = await load([
      {vault, clusters, register: {max_amount: 5, validators_per_day: 2, gwei_per_day: 9}},
      {vault: other, clusters, register: {max_amount: 5, gwei_per_day: 9}},
    ]);
    expect(rules.get(vault)?.perDay).toEqual({validators: 2, gwei: 9});
    expect(rules.get(vault)?.operations.get("register")).toEqual({maxAmount: 5});
    expect(rules.get(other)?.perDay).toEqual({validators: undefined, gwei: 9});
  });

  it.each([
    {id: "no JSON", content: "{]"},
    {id: "no vault", content: []},
    {id: "a field that is not known", content: [{vault, clusters, topup: {max_amount: 1}}]},
    {id: "what is no address", content: [{vault: "0x12", clusters, fund: {max_amount: 1}}]},
    {id: "a wrong checksum", content: [{vault: `0xAb${"ab".repeat(19)}`, clusters, fund: {max_amount: 1}}]},
    {id: "no limit", content: [{vault, clusters, fund: {}}]},
    {id: "a limit of 0", content: [{vault, clusters, fund: {max_amount: 0}}]},
    {id: "a limit that no JSON number holds exactly", content: [{vault, clusters, fund: {max_amount: 2 ** 53}}]},
    {id: "a limit in text", content: [{vault, clusters, fund: {max_amount: "1"}}]},
    {id: "a day without validators", content: [{vault, clusters, register: {max_amount: 1, validators_per_day: 0}}]},
    {id: "half a gwei a day", content: [{vault, clusters, register: {max_amount: 1, gwei_per_day: 0.5}}]},
    {id: "a daily limit of what is not registered", content: [{vault, clusters, fund: {max_amount: 1, gwei_per_day: 1}}]},
    {id: "a limit of consolidations", content: [{vault, clusters, consolidate: {max_amount: 1}}]},
    {id: "no cluster among those allowed", content: [{vault, clusters: [], fund: {max_amount: 1}}]},
    {id: "no word of clusters", content: [{vault, fund: {max_amount: 1}}]},
    {
      id: "a vault twice",
      content: [
        {vault, clusters},
        {vault: vault.toUpperCase().replace("X", "x"), clusters},
      ],
    },
  ])("is refused with $id", async ({content}) => {
    await expect(load(content)).rejects.toMatchObject({code: "VAULT_RULES_INVALID"});
  });
});

const rulesOf = (change: Partial<VaultRules> = {}): VaultRules => ({
  vault,
  clusters: new Set(["alpha"]),
  allowFullExits: false,
  operations: new Map([
    ["fund", {maxAmount: 10}],
    ["withdraw", {maxAmount: 10}],
  ]),
  ...change,
});

describe("a validator", () => {
  it("is foreign where its cluster is not named", () => {
    expect(["alpha", "beta"].map((id) => whyNotCluster(rulesOf(), id))).toEqual([undefined, expect.stringContaining("beta")]);
  });

  const [own, zeros] = [vault.slice(2), "0".repeat(22)];
  it.each([
    {id: "of type 0x01 that withdraws to the vault", credentials: `0x01${zeros}${own}`, isForeign: false},
    {id: "of type 0x02 that withdraws to the vault", credentials: `0x02${zeros}${own}`, isForeign: false},
    {id: "that withdraws to somebody else", credentials: `0x01${zeros}${other.slice(2)}`, isForeign: true},
    {id: "that withdraws to a BLS key", credentials: `0x00${zeros}${own}`, isForeign: true},
    {id: "of a type that there is not", credentials: `0x03${zeros}${own}`, isForeign: true},
    {id: "with something between the type and the vault", credentials: `0x01${"0".repeat(21)}1${own}`, isForeign: true},
    {id: "that the chain does not have", credentials: undefined, isForeign: true},
  ])("$id: is it foreign to the vault? $isForeign", ({credentials, isForeign}) => {
    expect(whyForeign(vault, credentials) !== undefined).toBe(isForeign);
  });
});

describe("an amount", () => {
  it.each<{operation: VaultOperation; amount: number; allowFullExits?: boolean; isSigned: boolean}>([
    {operation: "fund", amount: 10, isSigned: true},
    {operation: "fund", amount: 11, isSigned: false},
    {operation: "fund", amount: 0, isSigned: false},
    {operation: "fund", amount: 0, allowFullExits: true, isSigned: false},
    {operation: "withdraw", amount: 1, isSigned: true},
    {operation: "withdraw", amount: 11, allowFullExits: true, isSigned: false},
    {operation: "withdraw", amount: 0, isSigned: false},
    {operation: "withdraw", amount: 0, allowFullExits: true, isSigned: true},
    {operation: "register", amount: 1, isSigned: false},
    {operation: "register", amount: 0, allowFullExits: true, isSigned: false},
  ])(
    "of $amount to $operation, full exits allowed: $allowFullExits. Is it signed? $isSigned",
    ({isSigned, operation, amount, ...change}) => {
      const rules = rulesOf({allowFullExits: change.allowFullExits ?? false});
      expect(whyNotAmount(rules, operation, amount) === undefined).toBe(isSigned);
    },
  );
});

describe("a signature that a vault would take for withdrawals too", () => {
  const lengths = {fund: 184, consolidate: 96};
  const counts = Array.from({length: 50}, (_, i) => i + 1);

  it.each(["fund", "consolidate"] as const)("is made of no number of keys to %s", (operation) => {
    const refused = counts.filter((count) => whyNotTogether(rulesOf(), operation, count) !== undefined);
    expect(refused).toEqual(counts.filter((count) => (count * lengths[operation]) % 56 === 0));
    expect(refused).toContain(7);
  });

  it("is made where the rules allow to exit validators, and of other operations", () => {
    expect(whyNotTogether(rulesOf({allowFullExits: true}), "fund", 7)).toBeUndefined();
    expect(whyNotTogether(rulesOf({allowFullExits: true, operations: new Map()}), "fund", 7)).toBeDefined();
    for (const operation of ["withdraw", "register"] as const) expect(whyNotTogether(rulesOf(), operation, 7)).toBeUndefined();
  });
});
