import {expect, it, onTestFinished} from "vitest";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {dvt} from "../support/dvt.js";
import {keyOf} from "../support/examples/deposits.js";
import {killAfter} from "../support/killAfter.js";
import {createVaultSystem} from "../support/vaultSystem.js";

it("dvt operator rotate renews the exits of active validators after the oracles changed", async () => {
  const of = await createVaultSystem({register: {max_amount: 32_000_000_000}}, {ALLOW_ROTATION: "true"});
  const {system, beacon, vault, env, changeOracles, anvil, stakeWise, walletKey} = of;
  const rotate = (...more: string[]) => dvt(["operator", "rotate", "--vault", vault, ...more], env);
  const registered = await dvt(["operator", "register", "--vault", vault, "--type", "0x01", "--yes"], env);
  expect(registered.code, registered.output).toBe(0);
  const active = system.publicKeys.slice(0, 2);
  const withdrawals = Object.fromEntries(active.map((key) => [key, vault]));
  beacon.setHead({validators: [keyOf("the first"), ...active], pending: [], withdrawals});

  const current = await rotate("--yes");
  expect(current.code, current.output).toBe(0);
  expect(current.output).toContain("no exit is outdated: the 4 oracles in force can use all of them");

  const others = await changeOracles();
  others.outdate(vault, [1, 2]);
  const dry = await rotate("--dry-run");
  expect(dry.code, dry.output).toBe(0);
  expect(dry.output).toContain(`${active[1]} 2`);
  expect(dry.output).toContain("nothing was asked for, signed or sent");
  expect(await stakeWise.keeper.read("exitSignaturesNonces", vault)).toBe(0n);

  // Each of the oracles has opened its shard and verified it with the validator's key before it signed.
  const {code, output} = await rotate("--yes");
  expect(code, output).toBe(0);
  for (const key of active) expect(output).toContain(key);
  expect(output).toMatch(/2 exits outdated\n[\s\S]*2 exits signed[\s\S]*3 oracles approve[\s\S]*renewed by 0x/);
  expect(await stakeWise.keeper.read("exitSignaturesNonces", vault)).toBe(1n);
  expect(output).not.toContain(Buffer.from(walletKey).toString("hex"));

  // Killed after it sent, it leaves nothing behind but a transaction that no block has taken yet: the next one takes its place.
  others.outdate(vault, [1]);
  await anvil.rpc("evm_setIntervalMining", 0);
  const start = () => startDvt(["operator", "rotate", "--vault", vault, "--yes"], {...env, CLAIM_LEASE: "3s"});
  await killAfter(start(), /^transaction 0x[0-9a-f]{64} sent/);
  expect(await stakeWise.keeper.read("exitSignaturesNonces", vault)).toBe(1n);
  const next = start();
  onTestFinished(next.stop);
  await next.line(/^transaction 0x[0-9a-f]{64} sent/);
  await anvil.rpc("evm_setIntervalMining", 1);
  expect(await next.ended, next.output()).toBe(0);
  expect(await stakeWise.keeper.read("exitSignaturesNonces", vault)).toBe(2n);

  const unasked = await dvt(["operator", "rotate", "--vault", vault], env);
  expect([unasked.code, unasked.output]).toEqual([64, expect.stringContaining("call it with --yes")]);
});
