import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import type {DepositRules} from "../../../src/exits/depositRules.js";
import {createDepositPolicy, type DepositPolicy} from "../../../src/policy/depositPolicy.js";
import {aDeposit} from "../../support/examples/messages.js";
import {forgetful, openLog} from "../../support/exitLog.js";
import {useFolder} from "../../support/files.js";
import {aSlowLog} from "../../support/slowLog.js";

const folder = useFolder();
const keyA = `0x${"aa".repeat(48)}`;
const keyB = `0x${"bb".repeat(48)}`;
const vaultOne = `0x${"11".repeat(20)}`;
const vaultTwo = `0x${"22".repeat(20)}`;
const nobody = `0x${"00".repeat(20)}`;
const now = 1_800_000_000_000;

/** A policy of a cluster whose lock names vault one for every key. */
const aPolicy = (change: Partial<DepositRules> = {}, log = forgetful): DepositPolicy =>
  createDepositPolicy({withdrawalAddressOf: () => vaultOne, ...change}, log);

async function outcome(policy: DepositPolicy, change: Partial<Deposit> = {}, publicKey = keyA): Promise<string> {
  try {
    const deposit = aDeposit({vault: vaultOne, ...change});
    const decision = await policy.decide({network: networks.hoodi, publicKey, deposit});
    return decision.outcome === "sign" ? "sign" : decision.code;
  } catch (error) {
    return (error as DvtError).code;
  }
}

describe("ALLOWED_VAULTS", () => {
  const onlyB = (key: string): string | undefined => (key === keyB ? vaultOne : undefined);
  const both = new Set([vaultOne, vaultTwo]);

  it.each<{id: string; rules: Partial<DepositRules>; vault: string; code: string}>([
    {id: "the cluster lock's withdrawal address", rules: {}, vault: vaultOne, code: "sign"},
    {id: "an address that the lock does not name", rules: {}, vault: vaultTwo, code: "VAULT_NOT_ALLOWED"},
    {
      id: "any address, if the lock names none",
      rules: {withdrawalAddressOf: () => undefined},
      vault: vaultOne,
      code: "VAULT_NOT_ALLOWED",
    },
    {
      id: "an address that is another validator's",
      rules: {withdrawalAddressOf: onlyB},
      vault: vaultOne,
      code: "VAULT_NOT_ALLOWED",
    },
    {
      id: "nobody's address, which the lock has",
      rules: {withdrawalAddressOf: () => nobody},
      vault: nobody,
      code: "VAULT_NOT_ALLOWED",
    },
    {id: "a listed vault", rules: {allowedVaults: both}, vault: vaultTwo, code: "sign"},
    {
      id: "the lock's address, if only another is listed",
      rules: {allowedVaults: new Set([vaultTwo])},
      vault: vaultOne,
      code: "VAULT_NOT_ALLOWED",
    },
    {
      id: "nobody's address, even if it is listed",
      rules: {allowedVaults: new Set([nobody])},
      vault: nobody,
      code: "VAULT_NOT_ALLOWED",
    },
  ])("decides $code for $id", async ({rules, vault, code}) => {
    expect(await outcome(aPolicy(rules), {vault})).toBe(code);
  });
});

describe("the amount of a deposit", () => {
  it.each([
    {amount: 0, code: "DEPOSIT_TOO_SMALL"},
    {amount: 1_000_000_000, code: "DEPOSIT_TOO_SMALL"},
    {amount: 31_999_999_999, code: "DEPOSIT_TOO_SMALL"},
    {amount: 32_000_000_000, code: "sign"},
    {amount: 2_048_000_000_000, code: "sign"},
  ])("of $amount gwei: $code", async ({amount, code}) => {
    expect(await outcome(aPolicy(), {amount})).toBe(code);
  });
});

describe("the withdrawal credentials of a key", () => {
  const allowedVaults = new Set([vaultOne, vaultTwo]);

  it("are those of its first deposit for life, whatever the amount, and only this key's", async () => {
    const policy = aPolicy({allowedVaults});
    const asked = [
      await outcome(policy),
      await outcome(policy, {vault: vaultTwo}),
      await outcome(policy, {amount: 64_000_000_000}),
      await outcome(policy, {vault: vaultTwo}, keyB),
      await outcome(policy),
    ];
    expect(asked).toEqual(["sign", "CREDENTIALS_DIFFER", "sign", "sign", "sign"]);
  });

  it("of another type are others, even for the same vault", async () => {
    const policy = aPolicy();
    expect(await outcome(policy, {validator_type: "0x01"})).toBe("sign");
    expect(await outcome(policy, {validator_type: "0x02", amount: 64_000_000_000})).toBe("CREDENTIALS_DIFFER");
  });

  it("are not bound by a refused deposit", async () => {
    const policy = aPolicy({allowedVaults});
    expect(await outcome(policy, {amount: 1, vault: vaultTwo})).toBe("DEPOSIT_TOO_SMALL");
    expect(await outcome(policy)).toBe("sign");
  });

  it("are bound once if two deposits are requested at the same time", async () => {
    const policy = aPolicy({allowedVaults});
    const both = await Promise.all([outcome(policy, {vault: vaultTwo}), outcome(policy), outcome(policy, {vault: vaultTwo})]);
    expect(both).toEqual(["sign", "CREDENTIALS_DIFFER", "sign"]);
  });

  it("are still known after years, restarts and a kill", async () => {
    const path = folder.fresh();
    const first = aPolicy({allowedVaults}, await openLog(path, now));
    expect(await outcome(first)).toBe("sign");
    // Not closed, as after kill -9.
    await openLog(path, now + 365 * 86_400_000);
    const third = aPolicy({allowedVaults}, await openLog(path, now + 730 * 86_400_000));
    expect(await outcome(third, {vault: vaultTwo})).toBe("CREDENTIALS_DIFFER");
    expect(await outcome(third)).toBe("sign");
  });

  it("are on disk before the policy returns sign, even for two decisions at once", async () => {
    const {log, appended, store} = aSlowLog();
    const policy = aPolicy({}, log);
    const signed: string[] = [];
    const both = [1, 2].map(() => outcome(policy).then((it) => signed.push(it)));
    await new Promise((resolve) => setImmediate(resolve));
    expect({signed, appended: appended()}).toEqual({signed: [], appended: 1});
    store();
    await Promise.all(both);
    expect(signed).toEqual(["sign", "sign"]);
    expect(await outcome(policy)).toBe("sign");
    expect(appended()).toBe(1);
  });

  it("have to be stored again after the disk was full", async () => {
    let full = true;
    let appended = 0;
    const append = async (): Promise<void> => {
      appended++;
      if (full) throw new DvtError("STATE_UNWRITABLE", "the disk is full");
    };
    const policy = aPolicy({}, {...forgetful, append});
    expect(await Promise.all([outcome(policy), outcome(policy)])).toEqual(["STATE_UNWRITABLE", "STATE_UNWRITABLE"]);
    full = false;
    expect([await outcome(policy), await outcome(policy)]).toEqual(["sign", "sign"]);
    expect(appended).toBe(2);
  });
});
