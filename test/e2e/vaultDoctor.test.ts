import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {createVaultSigner} from "../../src/execution/vaultSignature.js";
import {deployContract} from "../../src/sandbox/chain/contracts.js";
import {dvt} from "../support/dvt.js";
import {answers, startTestGateway} from "../support/ipfsGateway.js";
import {createVaultSystem} from "../support/vaultSystem.js";

type Env = Record<string, string>;
type Line = {what: string; state: string; says: string; code?: string; todo?: string};

it("dvt doctor operator looks at vaults, wallet and manager, and finds each fault alone in its own line", async () => {
  const {system, stakeWise, anvil, vault, env, managerKey, walletKey} = await createVaultSystem({
    register: {max_amount: 32_000_000_000},
  });
  const look = async (changed: Env = {}): Promise<{code: number; output: string; lines: Line[]}> => {
    const {code, output} = await dvt(["doctor", "operator", "--json"], {...env, ...changed});
    for (const key of [walletKey, managerKey]) expect(output).not.toContain(Buffer.from(key).toString("hex"));
    return {code, output, lines: JSON.parse(output).checks};
  };
  const fault = async (changed: Env, expected: {what: string; code?: string; says?: string}): Promise<Line[]> => {
    const {code, output, lines} = await look(changed);
    expect(code, output).toBe(2);
    const [line, ...others] = lines.filter(({state}) => state === "not_ok");
    expect({what: line?.what, code: line?.code, others}, output).toEqual({what: expected.what, code: expected.code, others: []});
    expect(line?.says).toContain(expected.says ?? "");
    expect(line?.todo).toMatch(/\w[.?]$/);
    return lines;
  };
  const write = async (name: string, content: unknown): Promise<string> => {
    const path = join(system.folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), {mode: 0o600});
    return path;
  };
  const rules = async (name: string, change: object): Promise<Env> => ({
    VALIDATORS_MANAGER_RULES_FILE: await write(name, [
      {vault, clusters: ["c1"], register: {max_amount: 32_000_000_000}, ...change},
    ]),
  });
  await system.relayer({ORACLES_CONFIG_FILE: env["ORACLES_CONFIG_FILE"] as string});

  const whole = await look();
  expect(whole.code, whole.output).toBe(0);
  const sayings = Object.fromEntries(whole.lines.map(({what, says}) => [what, says]));
  expect(sayings).toMatchObject({
    "oracles to ask": "4 of 4 have endpoints, and approve 10 validators at once",
    WALLET_KEY_FILE: expect.stringMatching(/^its password opens it: 0x/),
    "balance of the wallet": expect.stringMatching(/has 1 ETH, next nonce 0$/),
    gas: expect.stringMatching(/below MAX_FEE_PER_GAS, 100 gwei$/),
    VALIDATORS_MANAGER_RULES_FILE: `1 vault: ${vault}`,
    "definition of cluster c1": expect.stringContaining("3 validators"),
    [`vault ${vault}`]: expect.stringMatching(/^version 5, 64 ETH to stake at block/),
    [`validators manager of ${vault}`]: expect.stringMatching(/^it is the key's address: 0x/),
    [`approvals for ${vault}`]: "3 oracles have to approve",
    [`clusters of ${vault}`]: "c1, which lists this operator",
    [`rewards of ${vault}`]: "all are taken",
  });
  const text = await dvt(["doctor", "operator"], env);
  expect(text.output).toMatch(new RegExp(`^ok {12} vault ${vault}: version 5`, "m"));

  // Without these variables it looks at what a request needs, as ever.
  const {VALIDATORS_MANAGER_RULES_FILE, VALIDATORS_MANAGER_KEY_FILE, WALLET_KEY_FILE, ...requests} = env;
  const without = await dvt(["doctor", "operator", "--json"], requests);
  expect(without.code, without.output).toBe(0);
  expect(without.output).not.toMatch(/vault|wallet/i);
  // With a wallet alone it looks at what a rotation needs.
  const rotating = await dvt(["doctor", "operator"], {...requests, WALLET_KEY_FILE: WALLET_KEY_FILE as string});
  expect(rotating.code, rotating.output).toBe(0);
  expect(rotating.output).toContain("balance of the wallet");
  expect(rotating.output).not.toContain("vault");

  const password = await write("another.txt", "another");
  await fault({WALLET_PASSWORD_FILE: password}, {what: "WALLET_KEY_FILE", code: "KEYSTORE_PASSWORD_WRONG"});
  const notLookedAt = await fault(
    {VALIDATORS_MANAGER_PASSWORD_FILE: password},
    {what: "VALIDATORS_MANAGER_KEY_FILE", code: "KEYSTORE_PASSWORD_WRONG"},
  );
  expect(notLookedAt.filter(({state}) => state === "not_looked_at").map(({what}) => what)).toEqual([
    `validators manager of ${vault}`,
  ]);
  const {WALLET_KEY_FILE: other = ""} = env;
  const whose = `validators manager of ${vault}`;
  await fault({VALIDATORS_MANAGER_KEY_FILE: other}, {what: whose, code: "VALIDATORS_MANAGER_WRONG"});

  const manager = createVaultSigner(managerKey, networks.hoodi.chainId).address;
  const contract = await deployContract(anvil, "ContractManager", [manager]);
  await stakeWise.setManager(contract);
  const accepted = await look();
  expect(accepted.code, accepted.output).toBe(0);
  expect(accepted.output).toContain(`it is a contract that accepts the key's signatures: ${contract.toLowerCase()}`);
  // Without a key of its own, the wallet is asked about.
  const {VALIDATORS_MANAGER_KEY_FILE: _key, VALIDATORS_MANAGER_PASSWORD_FILE: _password, ...byWallet} = env;
  const asWallet = await dvt(["doctor", "operator"], byWallet);
  expect(asWallet.code, asWallet.output).toBe(2);
  expect(asWallet.output).toContain("it answers 0xffffffff to isValidSignature");
  const shown = await dvt(["operator", "vault", "--vault", vault, "--type", "0x01"], env);
  expect(shown.output).toContain(`validators manager ${contract.toLowerCase()}, a contract, nonce 0`);
  const planned = await dvt(["operator", "register", "--vault", vault, "--type", "0x01", "--dry-run"], env);
  expect(planned.output).toContain(`key ${manager}, which validators manager ${contract.toLowerCase()} accepts, as a contract`);
  await stakeWise.setManager(manager);
  await fault({MAX_FEE_PER_GAS: "0"}, {what: "gas", says: "not below MAX_FEE_PER_GAS, 0 gwei"});
  const unread = {VALIDATORS_MANAGER_RULES_FILE: await write("broken.json", "[]")};
  await fault(unread, {what: "VALIDATORS_MANAGER_RULES_FILE", code: "VAULT_RULES_INVALID"});
  await fault(await rules("others.json", {clusters: ["c1", "c7"]}), {
    what: `clusters of ${vault}`,
    says: "name c7, which participants.json does not have",
  });
  const {address} = stakeWise.keeper;
  const nobody = address.toLowerCase();
  const noVault = await look(await rules("no-vault.json", {vault: address}));
  expect(noVault.lines.find(({what}) => what === `vault ${nobody}`)).toMatchObject({state: "not_ok", code: "VAULT_INVALID"});
  const config = JSON.parse(await readFile(env["ORACLES_CONFIG_FILE"] as string, "utf8"));
  const mute = config.oracles.map((it: object) => ({...it, endpoints: []}));
  await fault(
    {ORACLES_CONFIG_FILE: await write("mute.json", {...config, oracles: mute})},
    {what: "oracles to ask", says: "only 0 of 4"},
  );
  const {signature_validity_period: _, ...part} = config;
  await fault(
    {ORACLES_CONFIG_FILE: await write("part.json", part)},
    {what: "oracles to ask", code: "ORACLES_CONFIG_INVALID", says: "signature_validity_period"},
  );
  const away = await look({EXECUTION_ENDPOINT: "http://127.0.0.1:1"});
  expect(away.lines.filter(({state}) => state === "not_ok").map(({what}) => what)).toEqual(["execution node 127.0.0.1:1"]);
  expect(away.lines.filter(({state}) => state === "not_looked_at").map(({what}) => what)).toContain(`vault ${vault}`);

  const registered = await dvt(["operator", "register", "--vault", vault, "--type", "0x01", "--yes"], env);
  expect(registered.code, registered.output).toBe(0);
  const cid = "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG";
  const {proof} = await stakeWise.updateRewards({reward: 7n, ipfsHash: cid});
  const entry = {vault, consensus_reward: 7, unlocked_mev_reward: 0, locked_mev_reward: 0, proof};
  const [ipfs, lying] = [entry, {...entry, consensus_reward: 8}].map((it) => answers.send(JSON.stringify({vaults: [it]})));
  const right = await look({IPFS_FETCH_ENDPOINTS: (await startTestGateway(ipfs as typeof answers.hang)).url});
  expect(right.code, right.output).toBe(0);
  expect(right.output).toContain("IPFS has them, their proof is right");
  const IPFS_FETCH_ENDPOINTS = (await startTestGateway(lying as typeof answers.hang)).url;
  await fault({IPFS_FETCH_ENDPOINTS}, {what: `rewards of ${vault}`, code: "IPFS_UNAVAILABLE"});

  await anvil.rpc("anvil_setBalance", createVaultSigner(walletKey, networks.hoodi.chainId).address, "0x1");
  const low = await look({IPFS_FETCH_ENDPOINTS});
  expect(low.lines.find(({what}) => what === "balance of the wallet")).toMatchObject({
    state: "not_ok",
    says: expect.stringMatching(/has 0 ETH, less than 0.03 ETH$/),
  });
});
