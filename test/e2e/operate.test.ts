import {expect, it} from "vitest";
import {dvt} from "../support/dvt.js";
import {keyOf} from "../support/examples/deposits.js";
import {createVaultSystem} from "../support/vaultSystem.js";

it("dvt operator withdraw and consolidate do the manager's other work, after a registration", async () => {
  const {system, stakeWise, beacon, oracles, vault, env} = await createVaultSystem({
    register: {max_amount: 32_000_000_000},
    withdraw: {max_amount: 2_000_000_000},
    consolidate: {},
  });
  const operator = (command: string, ...more: string[]) => dvt(["operator", command, "--vault", vault, ...more], env);
  const registered = await operator("register", "--amounts", "32,32", "--yes");
  expect(registered.code, registered.output).toBe(0);
  const [first, second, third] = system.publicKeys as [string, string, string];
  beacon.setHead({
    validators: [keyOf("the first"), first, second],
    pending: [],
    withdrawals: {[first]: vault, [second]: vault},
    balances: {[first]: 34e9, [second]: 33e9},
  });

  const dry = await operator("withdraw", "--validators", `${first}=1.5`, "--dry-run");
  expect(dry.code, dry.output).toBe(0);
  expect(dry.output).toContain(`${first} 1.5 ETH`);
  expect(dry.output).toContain("nothing was asked for, signed or sent");
  expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(1n);

  const refused = await operator("withdraw", "--validators", `${first}=1.5,${second}=full,${third}=1`, "--yes");
  expect(refused.code, refused.output).toBe(2);
  expect(refused.output).toContain(`${second}: an amount of 0 exits the validator`);

  oracles.hold([2]);
  const exiting = await operator("withdraw", "--validators", `${second}=1`, "--yes");
  expect(exiting.code, exiting.output).toBe(2);
  expect(exiting.output).toContain("the oracles are making it exit");
  oracles.hold([]);

  const withdrawn = await operator("withdraw", "--validators", `${first}=1.5`, "--yes");
  expect(withdrawn.code, withdrawn.output).toBe(0);
  expect(withdrawn.output).toMatch(/0x[0-9a-f]{64} sent/);
  expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(2n);

  const consolidated = await operator("consolidate", "--validators", `${first}=${second}`, "--yes");
  expect(consolidated.code, consolidated.output).toBe(0);
  expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(3n);

  const unnamed = await dvt(
    ["operator", "withdraw", "--vault", `0x${"77".repeat(20)}`, "--validators", `${first}=1`, "--yes"],
    env,
  );
  expect(unnamed.code, unnamed.output).toBe(78);
  expect(unnamed.output).toContain("VAULT_RULES_INVALID");
});
