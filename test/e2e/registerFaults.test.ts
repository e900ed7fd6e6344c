import {expect, it, onTestFinished} from "vitest";
import type {Registration} from "../../schemas/registration.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {keyOf} from "../support/examples/deposits.js";
import {startHoldingProxy} from "../support/holdingProxy.js";
import {killAfter} from "../support/killAfter.js";
import {createVaultSystem, type VaultSystem} from "../support/vaultSystem.js";

const ether = 10n ** 18n;
/** The shortest: whoever comes after a killed process waits so long. */
const lease = {CLAIM_LEASE: "3s"};

/** As a process of its own. */
function startRegister({vault, env}: VaultSystem, as: object): Child {
  const child = startDvt(["operator", "register", "--vault", vault, "--type", "0x01", "--yes"], {...env, ...lease, ...as});
  onTestFinished(child.stop);
  return child;
}

it("a registration goes on where it was killed, after each step, and a second process waits for the first", async () => {
  const of = await createVaultSystem({register: {max_amount: 32_000_000_000}});
  const {system, stakeWise, oracles, anvil, beacon} = of;
  const [first, second, third] = system.publicKeys as [string, string, string];
  const register = (as: object = {}) => startRegister(of, as);
  /** 0: no block comes. */
  const mineEvery = (seconds: number) => anvil.rpc("evm_setIntervalMining", seconds);
  const registered = () => oracles.rules.validators();
  const hang = (hangs: boolean): void => {
    for (const oracle of oracles.all) oracle.behave({hangs});
  };

  const claims: (Pick<Registration, "process" | "lease_ms"> & {at: number})[] = [];
  system.bus.connection.subscribe(`dvt.v2.registrations.*.*.${of.vault}`, {
    callback: (_, message) => void claims.push({...message.json<Registration>(), at: performance.now()}),
  });

  await killAfter(register(), /^block \d+: 2 validators, 64 ETH/);
  await killAfter(register(), /^exits and deposits of 2 are signed/);
  hang(true);
  const root = await killAfter(register(), /^deposit root/);
  expect(root).not.toContain("oracles approve");
  hang(false);
  const {url: EXECUTION_ENDPOINT} = await startHoldingProxy(anvil.url, "eth_estimateGas");
  const approved = await killAfter(register({EXECUTION_ENDPOINT}), /^3 oracles approve/);
  expect(approved).not.toMatch(/^transaction/m);
  await mineEvery(0);
  const sent = await killAfter(register(), /^transaction 0x[0-9a-f]{64} sent/);
  expect(await registered()).toEqual([keyOf("the first")]);

  // Nothing was lost: no oracle is asked again, and the transaction of the killed one is followed.
  const asked = oracles.all.flatMap((oracle) => oracle.asked()).length;
  await anvil.rpc("evm_mine");
  await killAfter(register(), /^in block/);
  expect(await registered()).toEqual([keyOf("the first"), first, second]);
  await mineEvery(1);
  const last = register();
  expect(await last.ended, last.output()).toBe(0);
  const [, hash] = /^transaction (0x[0-9a-f]{64}) sent/m.exec(sent) ?? [];
  expect(last.output()).toContain(`registered by ${hash}`);
  for (const key of [first, second]) expect(last.output().split("\n")).toContain(key);
  expect(oracles.all.flatMap((oracle) => oracle.asked())).toHaveLength(asked);

  // Each waited for the claim of the one before, which was renewed every second, and never released.
  const holders = [...new Set(claims.map(({process}) => process))].map((holder) =>
    claims.filter(({process}) => process === holder),
  );
  expect(holders).toHaveLength(7);
  for (const [position, next] of holders.slice(1).entries()) {
    const before = holders[position]?.at(-1);
    expect(before?.lease_ms).toBe(3000);
    expect((next[0]?.at ?? 0) - (before?.at ?? 0)).toBeGreaterThan(2500);
  }

  // Another operator of the same cluster, at the same time.
  await stakeWise.fund(32n * ether);
  beacon.setHead({validators: await registered(), pending: []});
  await mineEvery(0);
  const one = register();
  await one.line(/^transaction 0x[0-9a-f]{64} sent/);
  const other = register({OPERATOR_ID: "op-2", NATS_SEED_FILE: system.seedFile("operator-op-2")});
  await other.line(/"operator":"op-1".*"msg":"another process registers for the vault/);
  // Another command with the same wallet, which would take the next nonce too.
  const rotating = startDvt(["operator", "rotate", "--vault", of.vault, "--yes"], {...of.env, ...lease});
  onTestFinished(rotating.stop);
  await rotating.line(/"wallet":.*"msg":"another process sends from the wallet/);
  await mineEvery(1);
  expect(await one.ended, one.output()).toBe(0);
  expect(await other.ended, other.output()).toBe(75);
  expect(other.output()).toContain("the vault has 0 ETH to stake");
  expect(await registered()).toEqual([keyOf("the first"), first, second, third]);
  expect(await rotating.ended, rotating.output()).toBe(0);
  expect(rotating.output()).toContain("no exit is outdated");
});
