import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {dvt} from "../support/dvt.js";
import {keyOf} from "../support/examples/deposits.js";
import {createVaultSystem} from "../support/vaultSystem.js";

it("every command for vaults counts stakes in mGNO and gas in xDAI on Gnosis, and moves GNO", async () => {
  const {system, stakeWise, beacon, vault, env, changeOracles} = await createVaultSystem(
    {
      register: {max_amount: 32_000_000_000},
      withdraw: {max_amount: 2_000_000_000},
      consolidate: {},
      fund: {max_amount: 20_000_000_000},
    },
    {ALLOW_ROTATION: "true"},
    networks.gnosis,
  );
  const told: string[] = [];
  const operator = async (command: string, ...more: string[]): Promise<string> => {
    const {code, output} = await dvt(["operator", command, "--vault", vault, ...more], env);
    expect(code, output).toBe(0);
    told.push(output);
    return output;
  };
  const [first, second] = system.publicKeys as [string, string];
  const doctor = await dvt(["doctor", "operator"], env);
  expect(doctor.output).toMatch(/version 5, 64 mGNO to stake at block/);
  expect(doctor.output).toMatch(/has 1 xDAI, next nonce 0/);

  expect(await operator("vault")).toContain(`next registration, from index 1:\n  ${first} 1 32 mGNO\n  ${second} 2 32 mGNO`);
  expect(await operator("register", "--amounts", "32,32", "--yes")).toContain("2 validators, 64 mGNO, from index 1");
  expect(await stakeWise.vault.read("withdrawableAssets")).toBe(0n);
  const state = {
    validators: [keyOf("the first"), first, second],
    pending: [],
    withdrawals: {[first]: vault, [second]: vault},
    balances: {[first]: 34e9, [second]: 33e9},
  };
  beacon.setHead(state);

  expect(await operator("withdraw", "--validators", `${first}=1.5`, "--dry-run")).toContain(`${first} 1.5 mGNO`);
  await operator("withdraw", "--validators", `${first}=1.5`, "--yes");
  // 15 mGNO.
  await stakeWise.fund((15n * 10n ** 18n) / 32n);
  expect(await operator("vault")).toContain(`next top-ups, before anything is registered:\n  ${first} 15 mGNO`);
  expect(await operator("register", "--yes")).toMatch(/topped up by 0x[0-9a-f]{64}: 1 validator, 15 mGNO/);
  await operator("consolidate", "--validators", `${first}=${second}`, "--yes");
  expect(await stakeWise.vault.read("validatorsManagerNonce")).toBe(4n);

  const others = await changeOracles();
  others.outdate(vault, [1, 2]);
  expect(await operator("rotate", "--yes")).toMatch(/renewed by 0x[0-9a-f]{64}: 2 exits/);
  expect(await stakeWise.keeper.read("exitSignaturesNonces", vault)).toBe(1n);
  expect(told.join("")).not.toContain("ETH");
});
