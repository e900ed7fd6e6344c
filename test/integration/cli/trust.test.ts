import {readFile} from "node:fs/promises";
import {describe, expect, it, onTestFinished} from "vitest";
import type {PublishedParticipants} from "../../../schemas/participants.js";
import {openFiles} from "../../../src/cli/opening/liveFiles.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../src/runtime/waitFor.js";
import {toTrust, writeTrust} from "../../../src/trust/trustFile.js";
import {dvt} from "../../support/dvt.js";
import {anNkey} from "../../support/examples/participants.js";
import {aLogger} from "../../support/logger.js";
import {createTrustStage} from "../../support/trustStage.js";

/** Another operator may ask for exits of the cluster. */
const withMore = (version: PublishedParticipants): void => {
  version.operators.push({id: "other", nkey: anNkey(300)});
  version.clusters[0]?.operators.push("other");
};

async function aNode() {
  const stage = await createTrustStage();
  const env = {
    NETWORK: "hoodi",
    NATS_URL: stage.nats.url,
    PARTICIPANTS_FILE: stage.participantsFile,
    TRUST_FILE: stage.trustFile,
    NATS_SEED_FILE: stage.seedFile("viewer-v-1"),
    LOG_LEVEL: "error",
  };
  return {...stage, env, trustOf: async () => JSON.parse(await readFile(stage.trustFile, "utf8"))};
}

describe("dvt trust", () => {
  it("shows whom a node trusts, with the same fingerprint in whatever order", async () => {
    const {env, first, trustFile} = await aNode();
    const {code, output} = await dvt(["trust", "--show"], env);
    expect(code).toBe(0);
    for (const text of [first().admin.nkey, first().aggregator.nkey, "cluster alpha", "operator acme"])
      expect(output).toContain(text);
    const fingerprint = /[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}/.exec(output)?.[0];
    expect(fingerprint).toBeDefined();
    const version = first();
    withMore(version);
    const trust = toTrust(version, ["alpha"]);
    const shown = async (): Promise<string> => (await dvt(["trust", "--show"], env)).output;
    await writeTrust(trustFile, trust);
    const other = /fingerprint.*/.exec(await shown())?.[0] ?? "";
    await writeTrust(trustFile, {
      ...trust,
      clusters: trust.clusters.map((it) => ({...it, operators: it.operators.toReversed()})),
    });
    expect(await shown()).toContain(other);
    expect(other).not.toContain(fingerprint);
  });

  it("says so if nothing newer is published", async () => {
    const {env, first, inEffect} = await aNode();
    expect(await dvt(["trust"], env)).toEqual({code: 0, output: "nothing newer than version 1 is published"});
    expect(await inEffect()).toEqual(first());
  });

  it("brings participants.json up to date without a question if it asks for no more trust", async () => {
    const {env, offer, inEffect, writeFirst, versionOf} = await aNode();
    await offer(({viewers}) => viewers?.push({id: "other", nkey: anNkey(301)}));
    await writeFirst();
    expect(await dvt(["trust"], env)).toMatchObject({code: 0, output: expect.stringContaining("version 2 now")});
    expect(await inEffect()).toEqual(versionOf(({viewers}) => viewers?.push({id: "other", nkey: anNkey(301)})));
  });

  it("changes nothing without a terminal to ask on, and names each difference", async () => {
    const {env, offer, first, inEffect, trustOf} = await aNode();
    await offer(withMore);
    const before = await trustOf();
    const {code, output} = await dvt(["trust"], env);
    expect(code).toBe(64);
    expect(output).toContain("- operator other");
    expect(await inEffect()).toEqual(first());
    expect(await trustOf()).toEqual(before);
  });

  it("trusts what the version says with --yes, after which the role takes it", async () => {
    const {env, offer, poll, inEffect, trustOf, versionOf} = await aNode();
    expect(await offer(withMore)).toBe(true);
    expect((await dvt(["trust", "--yes"], env)).code).toBe(0);
    expect(await inEffect()).toEqual(versionOf(withMore));
    expect(await trustOf()).toEqual(toTrust(versionOf(withMore), ["alpha"]));
    expect(await poll()).toBe(false);
  });
});

it("a role says that a version is held, for as long as it is", async () => {
  const stage = await aNode();
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  const files = await openFiles({
    waitFor: withoutWaiting,
    config: {
      NETWORK: "hoodi",
      PARTICIPANTS_FILE: stage.participantsFile,
      TRUST_FILE: stage.trustFile,
      RELOAD_EVERY: "1h",
      SSV_CHECKPOINT_FILE: "",
    },
    env: {},
    verify: true,
    entriesOf: () => [],
    logger: aLogger().logger,
    shutdown,
  });
  const waits = new Map<string, string>();
  const watch = {
    handled: (entry: string) => void waits.delete(entry),
    refused: () => {},
    retried: (entry: string, code: string) => void waits.set(entry, code),
  };
  files.attach(await stage.busOf("viewer-v-1"), () => stage.participants.viewers[0]?.nkey, watch);
  files.follow({findHeld: async () => []});
  await stage.offer(withMore);
  await files.reload();
  expect([...waits.values()]).toEqual(["PARTICIPANTS_UNTRUSTED"]);
  expect(files.participants().version).toBe(1);
  await writeTrust(stage.trustFile, toTrust(stage.versionOf(withMore), ["alpha"]));
  await files.reload();
  expect([...waits]).toEqual([]);
  expect(files.participants()).toMatchObject({version: 2, operators: [{id: "acme"}, {id: "other"}]});
});
