import {expect, it, onTestFinished} from "vitest";
import {requestQueues} from "../../src/sandbox/chain/stakeWise.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {dvt} from "../support/dvt.js";
import {keyOf} from "../support/examples/deposits.js";
import {killAfter} from "../support/killAfter.js";
import {createVaultSystem} from "../support/vaultSystem.js";

it("dvt operator withdraw, consolidate and register do the manager's other work, once there are validators", async () => {
  const {system, stakeWise, beacon, oracles, vault, env} = await createVaultSystem({
    register: {max_amount: 32_000_000_000},
    withdraw: {max_amount: 2_000_000_000},
    consolidate: {},
    fund: {max_amount: 20_000_000_000},
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
  expect(dry.output).toContain("nothing was signed or sent");
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

  await stakeWise.fund(15n * 10n ** 18n);
  const looked = await operator("vault");
  expect(looked.output, looked.output).toContain(`next top-ups, before anything is registered:\n  ${first} 15 ETH`);
  const planned = await operator("register", "--dry-run");
  expect(planned.code, planned.output).toBe(0);
  expect(planned.output).toContain(`${first} 15 ETH`);
  const toppedUp = await operator("register", "--yes");
  expect(toppedUp.code, toppedUp.output).toBe(0);
  expect(toppedUp.output).toMatch(/topped up by 0x[0-9a-f]{64}: 1 validator, 15 ETH/);
  expect(await stakeWise.vault.read("withdrawableAssets")).toBe(0n);

  const consolidated = await operator("consolidate", "--validators", `${first}=${second}`, "--yes");
  expect(consolidated.code, consolidated.output).toBe(0);
  expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(4n);

  const unnamed = await dvt(
    ["operator", "withdraw", "--vault", `0x${"77".repeat(20)}`, "--validators", `${first}=1`, "--yes"],
    env,
  );
  expect(unnamed.code, unnamed.output).toBe(78);
  expect(unnamed.output).toContain("VAULT_RULES_INVALID");
});

it("a withdrawal that was killed after it was sent is not made a second time by whoever runs it again", async () => {
  const {system, anvil, beacon, vault, env} = await createVaultSystem({
    register: {max_amount: 32_000_000_000},
    withdraw: {max_amount: 2_000_000_000},
  });
  const operator = (command: string, ...more: string[]) =>
    startDvt(["operator", command, "--vault", vault, ...more, "--yes"], {...env, CLAIM_LEASE: "3s"});
  const requests = () => anvil.rpc<object[]>("eth_getLogs", {address: requestQueues.withdrawals, fromBlock: "earliest"});
  const registered = operator("register", "--amounts", "32,32");
  expect(await registered.ended, registered.output()).toBe(0);
  const [first, second] = system.publicKeys as [string, string];
  beacon.setHead({
    validators: [keyOf("the first"), first, second],
    pending: [],
    withdrawals: {[first]: vault, [second]: vault},
    balances: {[first]: 34e9, [second]: 33e9},
  });
  const withdraw = () => {
    const child = operator("withdraw", "--validators", `${first}=1.5`);
    onTestFinished(child.stop);
    return child;
  };

  await anvil.rpc("evm_setIntervalMining", 0);
  const sent = await killAfter(withdraw(), /^transaction 0x[0-9a-f]{64} sent/);
  const [, hash] = /^transaction (0x[0-9a-f]{64}) sent/m.exec(sent) ?? [];
  expect(await requests()).toHaveLength(0);
  await anvil.rpc("evm_mine");
  // Found in a block that nothing is on top of yet.
  await killAfter(withdraw(), /^the earlier command: in block/);
  await anvil.rpc("evm_setIntervalMining", 1);
  const again = withdraw();
  expect(await again.ended, again.output()).toBe(0);
  expect(again.output()).toContain(`an earlier command has done this, by ${hash}:\n  ${first} 1.5 ETH`);
  expect(again.output().split("\n")).toContain(hash);
  expect(again.output()).not.toMatch(/sent$/m);
  expect(await requests()).toHaveLength(1);

  const twice = withdraw();
  expect(await twice.ended, twice.output()).toBe(0);
  expect(await requests()).toHaveLength(2);
});
