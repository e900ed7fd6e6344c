import {writeFile} from "node:fs/promises";
import {describe, expect, it} from "vitest";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {toTrust, writeTrust} from "../../../src/trust/trustFile.js";
import {anNkey} from "../../support/examples/participants.js";
import {applyStreams} from "../../support/stage.js";
import {createTrustStage} from "../../support/trustStage.js";

describe("followPublished", () => {
  it("writes a later version, once, and leaves it alone after that", async () => {
    const stage = await createTrustStage();
    expect(await stage.poll()).toBe(false);
    await stage.offer(({viewers}) => viewers?.splice(0));
    expect(await stage.inEffect()).toMatchObject({version: 2, viewers: []});
    await stage.poll();
    stage.later(61_000);
    await stage.poll();
    expect(stage.logged).toMatchObject([{version: 2, before: 1}]);
  });

  it("takes a held version once TRUST_FILE allows it, and says that nothing is held any more", async () => {
    const stage = await createTrustStage();
    const change = (version: ReturnType<typeof stage.first>) => {
      version.operators.push({id: "other", nkey: anNkey(300)});
      version.clusters[0]?.operators.push("other");
    };
    expect(await stage.offer(change)).toBe(true);
    await writeTrust(stage.trustFile, toTrust(stage.versionOf(change), ["alpha"]));
    expect(await stage.poll()).toBe(false);
    expect(await stage.inEffect()).toEqual(stage.versionOf(change));
    expect(stage.logged.map(({msg}) => msg)).toEqual([
      expect.stringContaining("asks for more trust"),
      "participants.json taken from the bus",
      "no participants.json is held any more",
    ]);
  });

  it("begins again when the stream was made anew and counts from 1", async () => {
    const stage = await createTrustStage();
    await stage.offer(() => {});
    await deleteStreams(stage.bus);
    await applyStreams(stage.bus, stage.participants);
    stage.later(61_000);
    await stage.offer((version) => Object.assign(version, {version: 3}));
    expect((await stage.inEffect()).version).toBe(3);
  });

  it.each([
    {id: "a file of trust that is wrong", text: "{}", code: "TRUST_INVALID"},
    {id: "one of another network", text: JSON.stringify({network: "mainnet"}), code: "TRUST_INVALID"},
  ])("takes nothing with $id", async ({text, code}) => {
    const stage = await createTrustStage();
    await writeFile(stage.trustFile, text);
    expect(await stage.offer(() => {})).toBe(false);
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{code}]);
  });

  it("does not write a version that is wrong in itself", async () => {
    const stage = await createTrustStage();
    await stage.offer(({relayer, aggregator}) => Object.assign(relayer, {nkey: aggregator.nkey}));
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{code: "PARTICIPANTS_INVALID"}]);
  });
});
