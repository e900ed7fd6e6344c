import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";
import {startAnvil} from "../../../src/sandbox/chain/anvil.js";
import {writeOracles} from "../../../src/sandbox/writeOracles.js";
import {deployKeeper} from "../../support/chain/keeperContract.js";
import {dvt} from "../../support/dvt.js";
import {startTestIpfs} from "../../support/ipfsGateway.js";
import {temporaryFolder} from "../../support/servers.js";

async function aConfig(folder: string, name: string) {
  const path = join(folder, name);
  await writeOracles(path, {count: 4, threshold: 3});
  return {path, text: await readFile(path, "utf8"), set: await loadOracleSet(path)};
}

it("shows the oracles of the file or of the chain, and saves those of the chain byte for byte", async () => {
  const [folder, anvil, ipfs] = await Promise.all([
    temporaryFolder(),
    startAnvil({chainId: networks.hoodi.chainId}),
    startTestIpfs(),
  ]);
  onTestFinished(anvil.stop);
  const keeper = await deployKeeper(anvil);
  const ofChain = {
    NETWORK: "hoodi",
    EXECUTION_ENDPOINT: anvil.url,
    KEEPER_CONTRACT: keeper.address,
    IPFS_FETCH_ENDPOINTS: ipfs.url,
  };
  const [first, second] = [await aConfig(folder, "first.json"), await aConfig(folder, "second.json")];
  const saved = join(folder, "saved.json");
  const save = () => dvt(["oracles", "save", saved], ofChain);

  for (const {text, set, path} of [first, second]) {
    const cid = await ipfs.add(text);
    await keeper.announce(cid);
    const {code, output} = await save();
    expect({code, output}).toMatchObject({code: 0, output: expect.stringContaining(`saved.json: the config ${cid}, `)});
    expect(await readFile(saved, "utf8")).toBe(text);
    expect(await save()).toMatchObject({code: 0, output: expect.stringContaining(`saved.json has the config ${cid}, `)});
    const shown = {
      oracles_config_hash: set.configHash,
      exit_signature_recover_threshold: 3,
      public_keys: set.publicKeys.map(toHex),
    };
    const json = (await dvt(["oracles", "show", "--json"], {NETWORK: "hoodi", ORACLES_CONFIG_FILE: path})).output;
    expect(JSON.parse(json)).toEqual({source: path, ...shown});
    const table = await dvt(["oracles", "show"], ofChain);
    expect(table.code).toBe(0);
    expect(table.output).toMatch(new RegExp(`^source +ipfs://${cid}$`, "m"));
    expect(table.output).toMatch(/^threshold +3 of 4$/m);
  }

  expect(await dvt(["oracles", "save", saved], {NETWORK: "hoodi"})).toMatchObject({
    code: 78,
    output: expect.stringContaining("EXECUTION_ENDPOINT"),
  });
  ipfs.answerWith((_, response) => void response.writeHead(503).end());
  expect(await save()).toMatchObject({code: 75, output: expect.stringContaining("[")});
  expect(await readFile(saved, "utf8")).toBe(second.text);
});
