import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {readKeystores} from "../../src/keys/keystoreFile.js";
import {openKeystores} from "../../src/keys/openKeystores.js";
import {toHex} from "../../src/runtime/hex.js";
import {keystoresOf} from "../../src/sandbox/makeCluster.js";
import {dvt} from "../support/dvt.js";
import {temporaryFolder} from "../support/servers.js";
import {aSigner, type Say, sayingJson} from "../support/signer.js";
import {clusterId, createSystem, type System} from "../support/system.js";

/** The secret keys of one node's keystores. */
async function secretKeysOf({keystoresTemplate}: System, nodeIndex: number) {
  const {files} = await readKeystores(keystoresOf(keystoresTemplate, nodeIndex));
  const opened = await openKeystores(files, {});
  return opened.flatMap(([, outcome]) => (outcome instanceof Error ? [] : outcome.map(({secretKey}) => secretKey)));
}

describe("exits", () => {
  it("complete from two nodes in one process and the key shares of a remote signer that still loads them at the start", async () => {
    const system = await createSystem({validators: 2});
    const keys = await secretKeysOf(system, 3);
    // Once it is up it still loads its keys for a while.
    const lists = [[], keys.map((key) => toHex(key.toPublicKey().toBytes()))];
    const list: Say = (response, asked) => sayingJson(200, lists.length > 1 ? lists.shift() : lists[0])(response, asked);
    const signer = await aSigner({keys, list});
    const folder = await temporaryFolder();
    const both = {
      OBOL_NODE_INDEXES: "0,1",
      OBOL_KEYSTORES_DIR_TEMPLATE: system.keystoresTemplate,
      NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-{share_index}`),
      SIDECAR_STATE_FILE: join(folder, "state-{share_index}.jsonl"),
    };
    await Promise.all([
      system.relayer(),
      system.aggregator(),
      system.sidecar(0, both),
      system.sidecar(3, {REMOTE_SIGNER_URL: signer.url, OBOL_KEYSTORES_DIR: ""}),
    ]);
    await system.expectCompleted(system.request());
    for (const shareIndex of [1, 2]) {
      const [owner = ""] = (await readFile(join(folder, `state-${shareIndex}.jsonl`), "utf8")).split("\n");
      expect(JSON.parse(owner)).toMatchObject({share_index: shareIndex});
    }
    expect(signer.paths().filter((path) => path.includes("/sign/"))).toHaveLength(2);
  });
});

describe("dvt keys check", () => {
  it("says with 0 that all key shares are here, with 2 what is missing, with 78 and 75 why it cannot tell", async () => {
    const system = await createSystem({validators: 2});
    const env = {
      NETWORK: "hoodi",
      PARTICIPANTS_FILE: system.participantsFile,
      OBOL_CLUSTER_LOCK_FILE: system.clusterLock,
      OBOL_NODE_INDEXES: "0,2",
      OBOL_KEYSTORES_DIR_TEMPLATE: system.keystoresTemplate,
    };
    const found = await dvt(["keys", "check", "--json"], env);
    expect(found.code, found.output).toBe(0);
    const report = JSON.parse(found.output.replace(/^keystores .*$/gm, ""));
    expect(report.validators.map((it: {share_index: number; can_sign: boolean}) => [it.share_index, it.can_sign])).toEqual([
      [1, true],
      [1, true],
      [3, true],
      [3, true],
    ]);

    await writeFile(join(keystoresOf(system.keystoresTemplate, 2), "keystore-1.txt"), "wrong");
    const check = (more: Record<string, string> = {}) => dvt(["keys", "check"], {...env, ...more});
    const missing = await check();
    expect(missing.code, missing.output).toBe(2);
    expect(missing.output).toMatch(/ 3 +missing: .*keystore-1\.json.* \[KEYSTORE_PASSWORD_WRONG\]$/m);
    expect(missing.output).toContain("3 of 4");
    expect(await check({OBOL_NODE_INDEXES: "0,9"})).toMatchObject({code: 78, output: expect.stringContaining("CONFIG_INVALID")});
    expect(await check({REMOTE_SIGNER_URL: "http://127.0.0.1:1", REMOTE_SIGNER_TIMEOUT: "1"})).toMatchObject({
      code: 75,
      output: expect.stringContaining("SIGNER_UNAVAILABLE"),
    });
  });
});
