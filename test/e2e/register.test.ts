import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {dvt} from "../support/dvt.js";
import {keyOf} from "../support/examples/deposits.js";
import {createVaultSystem} from "../support/vaultSystem.js";

it("dvt operator register brings validators of a cluster into a vault on the chain", async () => {
  const it = await createVaultSystem({register: {max_amount: 32_000_000_000}});
  const {system, stakeWise, oracles, vault, env, walletKey, managerKey} = it;
  const register = (...more: string[]) => dvt(["operator", "register", "--vault", vault, "--type", "0x01", ...more], env);
  const dry = await register("--dry-run");
  expect(dry.code, dry.output).toBe(0);
  expect(dry.output).toContain("nothing was asked for, signed or sent");
  expect(oracles.all.flatMap((oracle) => oracle.asked())).toEqual([]);

  const looked = await dvt(["operator", "vault", "--vault", vault, "--type", "0x01"], env);
  expect(looked.code, looked.output).toBe(0);
  expect(looked.output).toMatch(
    /to stake: 64 ETH\n[\s\S]*registered within a day: 0, 0 ETH\n[\s\S]*outdated: not known: 0 of 3 needed oracles/,
  );
  expect(looked.output).toContain(`next registration, from index 1:\n  ${system.publicKeys[0]} 1 32 ETH`);

  const {code, output} = await register("--yes");
  expect(code, output).toBe(0);
  const registered = system.publicKeys.slice(0, 2);
  for (const publicKey of registered) expect(output).toContain(publicKey);
  expect(await oracles.rules.validators()).toEqual([keyOf("the first"), ...registered]);
  expect(await stakeWise.vault.read("withdrawableAssets")).toBe(0n);

  const again = await register("--yes");
  expect(again.code, again.output).toBe(75);
  expect(again.output).toContain("the vault has 0 ETH to stake");
  for (const key of [walletKey, managerKey]) expect(output).not.toContain(Buffer.from(key).toString("hex"));
  expect(await readFile(join(system.folder, "password.txt"), "utf8")).toBe("password");
});
