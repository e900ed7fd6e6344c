import {readFile, writeFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {writeCluster} from "../../src/sandbox/makeCluster.js";
import {dvt} from "../support/dvt.js";
import {temporaryFolder} from "../support/servers.js";

const show = (...args: string[]) => dvt(["clusters", "show", ...args], {});

const aLock = async (): Promise<string> => {
  const size = {validators: 1, nodes: 4, threshold: 3, keystoreRounds: 2};
  return (await writeCluster(await temporaryFolder(), networks.hoodi, size)).clusterLock;
};

describe("dvt clusters show", () => {
  it("shows a lock in a table, and as JSON whose fields are these alone", async () => {
    const lock = await aLock();
    const table = await show(lock);
    expect(table).toMatchObject({code: 0, output: expect.stringMatching(/^threshold +3 of 4$/m)});
    const {code, output} = await show("--json", lock);
    expect(code).toBe(0);
    const {lock_hash, distributed_validators} = JSON.parse(await readFile(lock, "utf8"));
    const [{distributed_public_key, public_shares}] = distributed_validators;
    const public_key_shares = Object.fromEntries(public_shares.map((share: string, index: number) => [index + 1, share]));
    expect(JSON.parse(output)).toEqual({
      type: "OBOL",
      network: "hoodi",
      cluster_id: lock_hash,
      threshold: 3,
      validators: [{public_key: distributed_public_key, public_key_shares}],
    });
  });

  it("refuses a lock whose hashes do not hold with its code and 78; with --no-verify shows it and says so loudly", async () => {
    const tampered = await aLock();
    await writeFile(tampered, (await readFile(tampered, "utf8")).replace(`"name": "demo"`, `"name": "omed"`));
    expect(await show("--json", tampered)).toEqual({code: 78, output: expect.stringContaining("[CLUSTER_LOCK_UNVERIFIED]")});
    const {code, output} = await show("--no-verify", tampered);
    expect(code).toBe(0);
    expect(output).toMatch(/NOT VERIFIED.*config_hash/);
    expect(output).toContain("3 of 4");
  });
});
