import {describe, expect, it} from "vitest";
import type {PublishedParticipants} from "../../schemas/participants.js";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {toHex} from "../../src/runtime/hex.js";
import {anNkey} from "../support/examples/participants.js";
import {createTrustStage} from "../support/trustStage.js";

type Change = (version: PublishedParticipants) => unknown;
const alphaOf = ({clusters}: PublishedParticipants) => clusters.find(({id}) => id === "alpha") as (typeof clusters)[number];
const bytesOf = (version: PublishedParticipants): Uint8Array => Buffer.from(JSON.stringify(version));
const nothing: Change = () => {};

describe("a hostile administrator", () => {
  it.each<{id: string; change: Change; says: string}>([
    {
      id: "have another operator ask for exits of the node's cluster",
      change: (version) => {
        version.operators.push({id: "evil", nkey: anNkey(300)});
        alphaOf(version).operators.push("evil");
      },
      says: "operator evil",
    },
    {
      id: "ask with another nkey in an operator's name",
      change: ({operators}) => Object.assign(operators[0] ?? {}, {nkey: anNkey(300)}),
      says: "the nkey of operator acme",
    },
    {
      id: "have shares encrypted to a key of its own",
      change: ({aggregator}) => aggregator.encryption_keys.unshift(toHex(publicKeyOf(generatePrivateKey()))),
      says: "a new key of the aggregator",
    },
    {
      id: "put another in the aggregator's place",
      change: ({aggregator}) => Object.assign(aggregator, {nkey: anNkey(300)}),
      says: "the aggregator's nkey",
    },
    {
      id: "hand its own rights to another",
      change: ({admin}) => Object.assign(admin, {nkey: anNkey(300)}),
      says: "the administrator's nkey",
    },
    {
      id: "name another definition of the cluster",
      change: (version) => Object.assign(alphaOf(version), {definition_hash: `0x${"ee".repeat(32)}`}),
      says: "the definition of cluster alpha",
    },
    {
      id: "name an SSV cluster as the definition, under the hash of the right one",
      change: (version) =>
        Object.assign(alphaOf(version), {
          definition: {ssv_operator_ids: [1, 2, 3, 4]},
          sidecars: [],
        }),
      says: "the definition of cluster alpha",
    },
    {
      id: "rename the cluster, so that the node takes another for its own",
      change: (version) => Object.assign(alphaOf(version), {id: "gamma"}),
      says: "cluster alpha is gone",
    },
  ])("cannot $id: the version is held, until the node's people agree", async ({change, says}) => {
    const stage = await createTrustStage();
    expect(await stage.offer(change)).toBe(true);
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{code: "PARTICIPANTS_UNTRUSTED", error: expect.stringContaining(says)}]);
    expect(await stage.poll()).toBe(true);
    expect(stage.logged).toHaveLength(1);
  });

  it.each<{id: string; change: Change}>([
    {id: "remove an operator", change: (version) => alphaOf(version).operators.splice(0)},
    {id: "remove the node itself", change: (version) => alphaOf(version).sidecars.splice(0)},
    {
      id: "have other nodes, viewers and clusters take part",
      change: (version) => {
        alphaOf(version).sidecars.push({share_index: 2, nkey: anNkey(301)});
        version.viewers?.push({id: "other", nkey: anNkey(302)});
        version.operators.push({id: "other", nkey: anNkey(303)});
        version.clusters.push({...alphaOf(version), id: "gamma", operators: ["other"], sidecars: []});
      },
    },
    {id: "replace the relayer", change: ({relayer}) => Object.assign(relayer, {nkey: anNkey(304)})},
    {
      id: "rename the definition's file, which the node has itself",
      change: (version) => Object.assign(alphaOf(version), {definition: "other.json"}),
    },
  ])("can $id without asking the node's people", async ({change}) => {
    const stage = await createTrustStage();
    expect(await stage.offer(change)).toBe(false);
    expect(await stage.inEffect()).toEqual(stage.versionOf(change));
    expect(stage.logged[0]).toMatchObject({msg: "participants.json taken from the bus", version: 2, before: 1});
  });

  it.each<{id: string; change: Change; says: string}>([
    {id: "an operator", change: (version) => alphaOf(version).operators.splice(0), says: "operator acme"},
    {
      id: "a key of the aggregator",
      change: ({aggregator}) => aggregator.encryption_keys.splice(1),
      says: "a new key of the aggregator",
    },
  ])("cannot bring back $id that was taken away, such as one that had leaked", async ({change, says}) => {
    const stage = await createTrustStage({moreKeys: 1});
    expect(await stage.offer(change)).toBe(false);
    const back = {...stage.first(), version: 3};
    expect(await stage.plant(bytesOf(back), "admin")).toBe(true);
    expect(await stage.inEffect()).toEqual(stage.versionOf(change));
    expect(stage.logged.at(-1)).toMatchObject({code: "PARTICIPANTS_UNTRUSTED", error: expect.stringContaining(says)});
  });
});

describe("whoever runs the bus", () => {
  it("cannot bring back an older version that the administrator signed", async () => {
    const stage = await createTrustStage();
    await stage.offer(nothing);
    await stage.plant(bytesOf(stage.first()), "admin");
    expect((await stage.inEffect()).version).toBe(2);
    await stage.poll();
    expect(stage.logged.slice(1)).toMatchObject([{version: 1, current: 2, msg: expect.stringContaining("older")}]);
  });

  it("cannot publish a version that it signed itself", async () => {
    const stage = await createTrustStage();
    await stage.plant(bytesOf(stage.versionOf(nothing)), "relayer");
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{code: "SIGNATURE_INVALID"}]);
  });

  it("cannot pass off another content as the version that is known", async () => {
    const stage = await createTrustStage();
    const other = {...stage.first(), relayer: {nkey: anNkey(304)}};
    await stage.plant(bytesOf(other), "admin");
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{version: 1, current: 1, msg: expect.stringContaining("another content")}]);
  });

  it("cannot fill the disk or the memory of a node with an oversized version", async () => {
    const stage = await createTrustStage();
    const viewers = Array.from({length: 10_000}, (_, number) => ({id: `v-${number}`, nkey: anNkey(number % 600)}));
    const tooLong = bytesOf({...stage.versionOf(nothing), viewers});
    await expect(stage.plant(tooLong, "admin")).rejects.toThrow();
    const asStored = Buffer.concat([bytesOf(stage.versionOf(nothing)), Buffer.alloc(515 * 1024, " ")]);
    await stage.plant(asStored, "admin");
    expect(await stage.inEffect()).toEqual(stage.first());
    expect(stage.logged).toMatchObject([{code: "MESSAGE_MALFORMED"}]);
  });
});
