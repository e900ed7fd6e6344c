import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import type {Deposit} from "../../schemas/deposit.js";
import {parsePublicKey, parseSignature, verifySignature} from "../../src/bls/curve.js";
import {networks} from "../../src/consensus/networks.js";
import {depositRootOf} from "../../src/exits/depositId.js";
import {fromHex} from "../../src/runtime/hex.js";
import {demoVault} from "../../src/sandbox/makeCluster.js";
import {temporaryFolder} from "../support/servers.js";
import {createSystem} from "../support/system.js";

const network = networks.hoodi;
type Signed = Deposit & {deposit_signature: string};
const vaultOfAnother = `0x${"22".repeat(20)}`;

it("dvt operator request --deposits brings exits with the deposits of the file, for vaults that enough sidecars allow", async () => {
  const system = await createSystem({validators: 2});
  const allowing = {ALLOWED_VAULTS: `${demoVault}, ${vaultOfAnother}`};
  await Promise.all([
    system.relayer(),
    system.aggregator(),
    system.sidecar([0, 1, 2], allowing),
    system.sidecar(3, {ALLOWED_VAULTS: vaultOfAnother}),
  ]);
  // The exits first, alone: then they are there when their deposits are asked for.
  const exits = await system.expectCompleted(system.request());
  for (const entry of exits.validators) expect(entry).not.toHaveProperty("deposit_signature");

  const operator = system.request({more: ["--deposits"]});
  const {validators} = await system.expectCompleted(operator);
  for (const [position, entry] of validators.entries()) {
    const {vault, amount, validator_type, deposit_signature, ...exit} = entry as typeof entry & Signed;
    expect({vault, amount, validator_type}).toEqual({vault: demoVault, amount: 32_000_000_000, validator_type: "0x01"});
    expect(exit).toEqual(exits.validators[position]);
    const root = depositRootOf({network, publicKey: entry.public_key, deposit: {vault, amount, validator_type}});
    const publicKey = parsePublicKey(fromHex(entry.public_key));
    expect(verifySignature(publicKey, root, parseSignature(fromHex(deposit_signature)))).toBe(true);
  }

  // Allowed by all of them, but other credentials than the keys have by now.
  const file = join(await temporaryFolder(), "deposit_data.json");
  const text = await readFile(system.depositData, "utf8");
  await writeFile(file, text.replaceAll(demoVault.slice(2), vaultOfAnother.slice(2)));
  const refused = system.request({depositData: file, more: ["--deposits"]});
  expect(await refused.ended, refused.output()).toBe(2);
  for (const publicKey of system.publicKeys) expect(refused.output()).toContain(`hoodi:${publicKey}`);
  // Two refusals are too many of four, whichever come first; share 4 has signed for no vault yet.
  expect(refused.output()).toMatch(/DEPOSIT_REFUSED: .* share [123] CREDENTIALS_DIFFER, share [123] CREDENTIALS_DIFFER/);
});
