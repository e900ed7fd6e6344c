import {copyFile, mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {definitionHash, ssvDefinitionHash} from "../../../src/clusters/definitionHash.js";
import {loadDefinition} from "../../../src/clusters/loadDefinition.js";
import {toHex} from "../../../src/runtime/hex.js";
import {publishParticipants} from "../../../src/trust/publishParticipants.js";
import {readPublished} from "../../../src/trust/readPublished.js";
import {anNkey, publishedParticipants} from "../../support/examples/participants.js";
import {temporaryFolder} from "../../support/servers.js";
import {createStage} from "../../support/stage.js";

const keyshares = fileURLToPath(new URL("../../fixtures/ssv-dkg/keyshares.json", import.meta.url));
const onChain = {ssv_operator_ids: [900, 5, 123, 1042]};

/** The administrator's file: one cluster of a file in another folder, one on the chain. */
async function anAdministrator() {
  const stage = await createStage();
  const folder = await temporaryFolder();
  await mkdir(join(folder, "my locks"));
  await copyFile(keyshares, join(folder, "my locks", "alpha keyshares.json"));
  const path = join(folder, "participants.json");
  const {viewers: _, aggregator, ...others} = publishedParticipants({admin: stage.participants.admin});
  const file = {
    ...others,
    version: 3 as number | undefined,
    viewers: [] as {id: string; nkey: string}[],
    aggregator: {...aggregator, encryption_keys: [toHex(stage.aggregatorKey).toUpperCase().replace("0X", "0x")]},
    clusters: [
      {
        id: "alpha",
        definition: "my locks/alpha keyshares.json",
        operators: ["acme"],
        sidecars: [{share_index: 11, nkey: anNkey(4)}],
      },
      {id: "beta", definition: onChain, operators: [], sidecars: []},
    ],
  };
  const write = (): Promise<void> => writeFile(path, JSON.stringify(file));
  await write();
  const {bus} = stage;
  return {
    file,
    write,
    publish: () => publishParticipants({bus, path, network: "hoodi"}),
    published: () => readPublished(bus, {network: "hoodi", adminNkey: bus.identity.nkey}),
    bus,
  };
}

describe("publishParticipants", () => {
  it("publishes the file without its paths, with the hash of each definition", async () => {
    const {publish, published} = await anAdministrator();
    expect(await publish()).toBe("published");
    const alpha = definitionHash(await loadDefinition(keyshares, "hoodi"));
    const beta = ssvDefinitionHash("hoodi", {ssvOperatorIds: onChain.ssv_operator_ids});
    expect(await published()).toMatchObject({
      version: 3,
      clusters: [
        {id: "alpha", definition: "alpha_keyshares.json", definition_hash: alpha},
        {id: "beta", definition: onChain, definition_hash: beta},
      ],
    });
  });

  it("publishes a version once, and a later one again", async () => {
    const {file, write, publish, published} = await anAdministrator();
    expect([await publish(), await publish()]).toEqual(["published", "unchanged"]);
    file.version = 4;
    await write();
    expect(await publish()).toBe("published");
    expect(await published()).toMatchObject({version: 4});
  });

  type Admin = Awaited<ReturnType<typeof anAdministrator>>;
  it.each<{id: string; change: (file: Admin["file"]) => unknown; says: string}>([
    {id: "an older version", change: (file) => Object.assign(file, {version: 2}), says: "version 3 is published already"},
    {
      id: "the same version with other content",
      change: ({relayer}) => Object.assign(relayer, {nkey: anNkey(200)}),
      says: "other content",
    },
    {id: "no version", change: (file) => Reflect.deleteProperty(file, "version"), says: "no version"},
    {
      id: "more than fits",
      change: (file) => Object.assign(file, {version: 4, viewers: Array.from({length: 7000}, (_, number) => aViewer(number))}),
      says: "bytes with 1 operators, 2 clusters and 1 sidecars",
    },
  ])("refuses $id, and publishes nothing", async ({change, says}) => {
    const {file, write, publish, published} = await anAdministrator();
    await publish();
    const before = await published();
    change(file);
    await write();
    await expect(publish()).rejects.toMatchObject({code: "PARTICIPANTS_INVALID", message: expect.stringContaining(says)});
    expect(await published()).toEqual(before);
  });
});

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const aViewer = (number: number) => ({
  id: `v-${number}`,
  nkey: `U${"B".repeat(52)}${[676, 26, 1].map((unit) => letters[Math.floor(number / unit) % 26]).join("")}`,
});
