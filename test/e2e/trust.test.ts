import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it} from "vitest";
import type {PublishedParticipants} from "../../schemas/participants.js";
import {toText} from "../../src/trust/followPublished.js";
import {publishParticipants} from "../../src/trust/publishParticipants.js";
import {readPublished} from "../../src/trust/readPublished.js";
import {toTrust, writeTrust} from "../../src/trust/trustFile.js";
import {changeParticipants} from "../support/changeParticipants.js";
import {dvt} from "../support/dvt.js";
import {anNkey} from "../support/examples/participants.js";
import {temporaryFolder} from "../support/servers.js";
import {lastMessage} from "../support/stage.js";
import {clusterId, createSystem} from "../support/system.js";
import {aTrustingNode} from "../support/trustingNode.js";

it("a sidecar takes what the administrator publishes, and holds what asks for more trust until its people agree", async () => {
  const system = await createSystem({validators: 1});
  const {bus} = system;
  const {first, own: files, publish} = await aTrustingNode(system);
  const own = {...files, RELOAD_EVERY: "1s"};
  const versionHere = async (): Promise<number> => JSON.parse(await readFile(own.PARTICIPANTS_FILE, "utf8")).version;
  const waits = async (): Promise<string[]> => {
    const said = await lastMessage(bus, "PRESENCE", `dvt.v2.presence.hoodi.sidecar-${clusterId}-1`);
    return (said as {waits: {code: string}[]} | undefined)?.waits.map(({code}) => code) ?? ["nothing said yet"];
  };

  const sidecar = await system.sidecar(0, own);
  await publish({version: 2, viewers: []});
  await sidecar.line(/participants.json taken from the bus/);
  await sidecar.line(/participants.json reloaded/);
  expect(await versionHere()).toBe(2);
  await expect.poll(waits).toEqual([]);

  const {operators, clusters} = first;
  await publish({
    version: 3,
    operators: [...operators, {id: "op-3", nkey: anNkey(300)}],
    clusters: clusters.map((it) => ({...it, definition: system.clusterLock, operators: [...it.operators, "op-3"]})),
  });
  await sidecar.line(/PARTICIPANTS_UNTRUSTED.*operator op-3/);
  await expect.poll(waits).toEqual(["PARTICIPANTS_UNTRUSTED"]);
  expect(await versionHere()).toBe(2);

  const settings = {...system.env, ...own, NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-1`)};
  expect(await dvt(["trust", "--yes"], settings)).toMatchObject({code: 0, output: expect.stringContaining("operator op-3")});
  expect(await versionHere()).toBe(3);
  await expect.poll(waits).toEqual([]);
});

it("an operator's command takes what the administrator publishes before it requests, or says that its own file is old", async () => {
  const system = await createSystem({validators: 1});
  const {bus} = system;
  const folder = await temporaryFolder();
  const own = {PARTICIPANTS_FILE: join(folder, "participants.json"), TRUST_FILE: join(folder, "trust.json")};
  const publish = async (version: number): Promise<PublishedParticipants> => {
    await changeParticipants(system, (file) => Object.assign(file, {version}));
    await publishParticipants({bus, path: system.participantsFile, network: "hoodi"});
    return (await readPublished(bus, {network: "hoodi", adminNkey: bus.identity.nkey})) as PublishedParticipants;
  };
  const first = await publish(1);
  await writeFile(own.PARTICIPANTS_FILE, toText(first));
  await writeTrust(own.TRUST_FILE, toTrust(first, []));
  await publish(2);
  const versionHere = async (): Promise<number> => JSON.parse(await readFile(own.PARTICIPANTS_FILE, "utf8")).version;

  const old = system.request({env: {...own, TRUST_FILE: ""}, timeout: 1});
  await old.ended;
  expect(old.output()).toMatch(/a later participants.json is published; copy it from the administrator/);
  expect(await versionHere()).toBe(1);

  const following = system.request({env: own, timeout: 1});
  await following.ended;
  expect(following.output()).toMatch(/participants.json taken from the bus/);
  expect(await versionHere()).toBe(2);

  const current = system.request({env: {...own, TRUST_FILE: ""}, timeout: 1});
  await current.ended;
  expect(current.output()).not.toMatch(/later participants.json/);
});
