import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import {networks} from "../../src/consensus/networks.js";
import {writeCluster} from "../../src/sandbox/makeCluster.js";
import {anNkey} from "../support/examples/participants.js";
import {dvtOnTerminal} from "../support/onTerminal.js";
import {temporaryFolder} from "../support/servers.js";
import {clusterId, createSystem} from "../support/system.js";
import {aTrustingNode} from "../support/trustingNode.js";

it("dvt init asks on a terminal for what is missing, and again for what it cannot take", async () => {
  const folder = await temporaryFolder();
  const options = {validators: 1, nodes: 4, threshold: 3, keystoreRounds: 2};
  const {clusterLock} = await writeCluster(join(folder, "cluster"), networks.hoodi, options);
  const centre = join(folder, "centre");
  const init = dvtOnTerminal(["init", "--folder", centre]);
  await init.answer("Network (mainnet, hoodi or gnosis): ", "goerli");
  await init.answer("Network (mainnet, hoodi or gnosis): ", "hoodi");
  await init.answer("Where everybody will reach NATS (tls://bus.example.org:4222): ", "tls://localhost:4222");
  await init.answer("A cluster, with an id of your choice, and its lock (alpha=cluster-lock.json): ", `alpha=${clusterLock}`);
  expect(await init.ended, init.screen()).toBe(0);
  expect(init.screen()).toContain("goerli");
  expect(JSON.parse(await readFile(join(centre, "shared/participants.json"), "utf8"))).toMatchObject({
    network: "hoodi",
    clusters: [{id: "alpha"}],
  });
});

it("dvt init ends with 64 where a person answers nothing, and makes nothing", async () => {
  const centre = join(await temporaryFolder(), "centre");
  const init = dvtOnTerminal(["init", "--folder", centre]);
  await init.answer("Network (mainnet, hoodi or gnosis): ", "");
  expect(await init.ended, init.screen()).toBe(64);
  expect(init.screen()).toContain("give --network");
  await expect(readFile(join(centre, "shared/participants.json"))).rejects.toMatchObject({code: "ENOENT"});
});

it("dvt trust asks on a terminal whether what is new is meant, and changes nothing until somebody agrees", async () => {
  const system = await createSystem({validators: 1});
  const {first, own, publish} = await aTrustingNode(system);
  await publish({
    version: 2,
    operators: [...first.operators, {id: "op-3", nkey: anNkey(300)}],
    clusters: first.clusters.map((it) => ({...it, definition: system.clusterLock, operators: [...it.operators, "op-3"]})),
  });
  const env = {...system.env, ...own, NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-1`)};
  const versionHere = async (): Promise<number> => JSON.parse(await readFile(own.PARTICIPANTS_FILE, "utf8")).version;

  for (const {answer, code, version} of [
    {answer: "", code: 1, version: 1},
    {answer: "n", code: 1, version: 1},
    {answer: "y", code: 0, version: 2},
  ]) {
    const trust = dvtOnTerminal(["trust"], env);
    await trust.answer("Do you agree? (y/N) ", answer);
    expect(await trust.ended, trust.screen()).toBe(code);
    expect(trust.screen()).toContain("operator op-3");
    expect(await versionHere()).toBe(version);
  }
});
