import {describe, expect, it, onTestFinished} from "vitest";
import {openFiles} from "../../../../src/cli/opening/liveFiles.js";
import type {Bus} from "../../../../src/messaging/connect.js";
import type {Participants} from "../../../../src/participants/participants.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {withoutWaiting} from "../../../../src/runtime/waitFor.js";
import {aCluster} from "../../../support/examples/cluster.js";
import {anNkey, aParticipantsFile} from "../../../support/examples/participants.js";
import {useFolder} from "../../../support/files.js";
import {aLogger} from "../../../support/logger.js";

const folder = useFolder();
const {lock} = aCluster({validators: 1});
const altered = {...lock, cluster_definition: {...lock.cluster_definition, name: "altered"}};
let count = 0;

/** What a role opens; its participants.json names lock.json beside it. */
async function open({definition = lock as object, verify = true} = {}) {
  const name = `files-${++count}`;
  folder.write(`${name}/lock.json`, definition);
  const write = (content: unknown): string => folder.write(`${name}/participants.json`, content);
  const config = {
    NETWORK: "hoodi",
    PARTICIPANTS_FILE: write(aParticipantsFile()),
    RELOAD_EVERY: "1h",
    SSV_CHECKPOINT_FILE: folder.path("ssv.json"),
  } as const;
  const {logger, logged} = aLogger();
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  return {write, logged, files: await openFiles({config, env: {}, verify, logger, shutdown, waitFor: withoutWaiting})};
}

describe("openFiles", () => {
  it("refuses a lock that was altered", async () => {
    await expect(open({definition: altered})).rejects.toMatchObject({code: "CLUSTER_LOCK_UNVERIFIED"});
  });

  it("takes it with --no-verify, loudly", async () => {
    const {files, logged} = await open({definition: altered, verify: false});
    expect(files.clusters.all).toHaveLength(1);
    const warnings = logged.filter(({level}) => level === 40);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toMatchObject({cluster_id: "alpha", problem: expect.stringContaining("config_hash")});
  });
});

describe("files that are followed", () => {
  /** A connection of the participant with this nkey, and whom it believes. */
  const aBus = (nkey: string) => {
    const believed: Participants[] = [];
    const identity = {participant: "relayer", nkey, seed: new Uint8Array(), sign: () => new Uint8Array()};
    return {believed, bus: {identity, trust: (it: Participants) => believed.push(it)} as unknown as Bus};
  };

  it("are applied in order: clusters, what the role does with them, whom it trusts, what the role does then", async () => {
    const {files, write} = await open();
    const {bus, believed} = aBus(anNkey(1));
    files.attach(bus, ({relayer}) => relayer.nkey);
    const order: string[] = [];
    files.follow({
      findHeld: async () => [],
      onClusters: async () =>
        void order.push(`clusters: ${files.clusters.byId("alpha")?.operatorIds}, believed ${believed.length}`),
      onParticipants: () => void order.push(`participants: believed ${believed.length}`),
    });
    write(aParticipantsFile({operatorIds: ["acme", "other"]}));
    await files.reload();
    expect(order).toEqual(["clusters: acme,other, believed 1", "participants: believed 2"]);
    await files.reload();
    expect(believed).toHaveLength(2);
  });

  it("are looked at when SIGHUP comes", async () => {
    const {files, write} = await open();
    const {bus} = aBus(anNkey(1));
    files.attach(bus, ({relayer}) => relayer.nkey);
    write(aParticipantsFile({operatorIds: ["acme", "other"]}));
    const taken = new Promise<Participants>((resolve) => {
      files.follow({findHeld: async () => [], onParticipants: resolve});
    });
    process.emit("SIGHUP");
    expect((await taken).operators).toHaveLength(2);
  });

  it("say when the process is not known any more by the nkey that it has", async () => {
    const {files, write, logged} = await open();
    files.attach(aBus("another").bus, ({relayer}) => relayer.nkey);
    files.follow({findHeld: async () => []});
    write(aParticipantsFile({operatorIds: ["acme", "other"]}));
    await files.reload();
    expect(logged.filter(({level}) => level === 40)).toMatchObject([{participant: "relayer"}]);
  });

  it("are looked at again after what went wrong without a code", async () => {
    const {files, logged} = await open();
    const failing = [new TypeError("undefined is not a function")];
    let looks = 0;
    files.follow({
      findHeld: async () => [],
      onClusters: async () => {
        looks++;
        for (const error of failing.splice(0)) throw error;
      },
    });
    await files.reload();
    await files.reload();
    expect(looks).toBe(2);
    expect(logged.filter(({msg}) => String(msg).startsWith("files"))).toMatchObject([
      {level: 40, msg: "files not reloaded, will be tried again", error: "undefined is not a function"},
      {level: 30, msg: "files are reloaded again", failures: 1},
    ]);
  });
});
