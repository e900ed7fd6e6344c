import {describe, expect, it} from "vitest";
import {loadParticipants} from "../../../src/participants/participants.js";
import {toHex} from "../../../src/runtime/hex.js";
import {anNkey} from "../../support/examples/participants.js";
import {useFolder, vector} from "../../support/files.js";

const folder = useFolder();
const [newest, older] = vector<{messages: {public_key: string}[]}>("ecies.json").messages.map((it) => it.public_key) as [
  string,
  string,
];
const nkey = anNkey(500);
const desk = {id: "desk", nkey: anNkey(501)};

const aFile = () => ({
  network: "hoodi",
  admin: {nkey: anNkey(0)},
  relayer: {nkey: anNkey(1)},
  aggregator: {nkey: anNkey(2), encryption_keys: [newest, older]},
  operators: [
    {id: "vault-1", nkey: anNkey(3)},
    {id: "vault_2", nkey: anNkey(4)},
  ],
  clusters: [
    {
      id: "alpha",
      definition: "locks/alpha.json",
      operators: ["vault-1", "vault_2"],
      sidecars: [
        {share_index: 1, nkey: anNkey(5)},
        {share_index: 2, nkey: anNkey(6)},
        {share_index: 123, nkey: anNkey(7)},
      ],
    },
    {id: "beta", definition: "/etc/dvt/beta.json", operators: ["vault-1"], sidecars: [{share_index: 1, nkey: anNkey(8)}]},
  ],
});
type File = ReturnType<typeof aFile>;
type Change = (file: File, alpha: File["clusters"][number]) => unknown;

const written = (change: Change): string => {
  const file = aFile();
  change(file, file.clusters[0] as File["clusters"][number]);
  return folder.write("participants.json", file);
};
const load = (change: Change = () => {}) => loadParticipants(written(change), "hoodi");

describe("loadParticipants", () => {
  it("returns the viewers, if there are any", async () => {
    expect((await load((file) => Object.assign(file, {viewers: [desk]}))).viewers).toEqual([desk]);
  });

  it("returns the monitor, if there is one", async () => {
    const monitor = {nkey: anNkey(600)};
    expect((await load((file) => Object.assign(file, {monitor}))).monitor).toEqual(monitor);
    expect(await load()).not.toHaveProperty("monitor");
  });

  it("returns the server administrator and the version, if there are any", async () => {
    const server_admin = {nkey: anNkey(601)};
    expect(await load((file) => Object.assign(file, {server_admin, version: 7}))).toMatchObject({
      serverAdmin: server_admin,
      version: 7,
    });
    expect(Object.keys(await load())).not.toEqual(expect.arrayContaining(["serverAdmin", "version"]));
  });

  it("accepts clusters that nobody may ask and that have no sidecar yet", async () => {
    const change: Change = (file) => {
      file.operators = [];
      for (const cluster of file.clusters) Object.assign(cluster, {operators: [], sidecars: []});
    };
    expect(await load(change)).toMatchObject({operators: [], clusters: [{operatorIds: [], sidecars: []}, {}]});
  });

  it("returns the participants, with definitions relative to the file", async () => {
    const participants = await load();
    expect({...participants, aggregatorKeys: participants.aggregatorKeys.map(toHex)}).toEqual({
      network: "hoodi",
      admin: {nkey: anNkey(0)},
      relayer: {nkey: anNkey(1)},
      aggregator: {nkey: anNkey(2)},
      operators: [
        {id: "vault-1", nkey: anNkey(3)},
        {id: "vault_2", nkey: anNkey(4)},
      ],
      viewers: [],
      aggregatorKeys: [newest, older],
      clusters: [
        {
          id: "alpha",
          definition: folder.path("locks/alpha.json"),
          operatorIds: ["vault-1", "vault_2"],
          sidecars: [
            {shareIndex: 1, nkey: anNkey(5)},
            {shareIndex: 2, nkey: anNkey(6)},
            {shareIndex: 123, nkey: anNkey(7)},
          ],
        },
        {
          id: "beta",
          definition: "/etc/dvt/beta.json",
          operatorIds: ["vault-1"],
          sidecars: [{shareIndex: 1, nkey: anNkey(8)}],
        },
      ],
    });
  });

  const onChain =
    (ids: unknown, shareIndexes = [5, 123], more = {}): Change =>
    (_, alpha) =>
      Object.assign(alpha, {
        definition: {ssv_operator_ids: ids, ...more},
        sidecars: shareIndexes.map((share_index, position) => ({share_index, nkey: anNkey(20 + position)})),
      });

  it("accepts a cluster on the chain by its SSV operators", async () => {
    const {clusters} = await load(onChain([900, 5, 123, 1042]));
    expect(clusters.map(({definition}) => definition)).toEqual([{ssvOperatorIds: [900, 5, 123, 1042]}, "/etc/dvt/beta.json"]);
  });

  it("converts the owners of such a cluster to lower case", async () => {
    const {clusters} = await load(
      onChain([900, 5, 123, 1042], [5], {ssv_owners: ["0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB"]}),
    );
    expect(clusters[0]?.definition).toEqual({ssvOperatorIds: [900, 5, 123, 1042], ssvOwners: [`0x${"ab".repeat(20)}`]});
  });

  const without =
    (field: string): Change =>
    (file) =>
      Reflect.deleteProperty(file, field);

  it.each<{id: string; change: Change}>([
    {id: "another network than NETWORK", change: (file) => Object.assign(file, {network: "mainnet"})},
    {id: "an unknown network", change: (file) => Object.assign(file, {network: "holesky"})},
    {id: "no network", change: without("network")},
    {id: "no admin", change: without("admin")},
    {id: "no relayer", change: without("relayer")},
    {id: "an operator without an nkey", change: (file) => Reflect.deleteProperty(file.operators[0] ?? {}, "nkey")},
    {id: "two participants with one nkey", change: (file, alpha) => Object.assign(alpha.sidecars[0] ?? {}, file.relayer)},
    {id: "no aggregator", change: without("aggregator")},
    {id: "no operators field", change: without("operators")},
    {id: "no clusters field", change: without("clusters")},
    {id: "no operators, though clusters name some", change: (file) => file.operators.splice(0)},
    {id: "no clusters", change: (file) => file.clusters.splice(0)},
    {id: "an unknown field", change: (file) => Object.assign(file, {operator: []})},
    {id: "an unknown field of a cluster", change: (_, alpha) => Object.assign(alpha, {threshold: 3})},
    {id: "an unknown field of a sidecar", change: (_, alpha) => Object.assign(alpha.sidecars[0] ?? {}, {node_index: 0})},
    {id: "an operator twice", change: (file) => file.operators.push({id: "vault-1", nkey})},
    {id: "a viewer twice", change: (file) => Object.assign(file, {viewers: [desk, {id: "desk", nkey: anNkey(502)}]})},
    {id: "a monitor with another's nkey", change: (file) => Object.assign(file, {monitor: {nkey: anNkey(1)}})},
    {id: "a viewer with another's nkey", change: (file) => Object.assign(file, {viewers: [{id: "desk", nkey: anNkey(1)}]})},
    {id: "a cluster twice", change: (file, alpha) => file.clusters.push({...alpha, definition: "other.json"})},
    {id: "a share index twice", change: (_, alpha) => alpha.sidecars.push({share_index: 123, nkey})},
    {id: "an operator that is not listed", change: (_, alpha) => alpha.operators.push("vault-3")},
    {id: "a server administrator with another's nkey", change: (file) => Object.assign(file, {server_admin: {nkey: anNkey(1)}})},
    {id: "version 0", change: (file) => Object.assign(file, {version: 0})},
    {id: "a version of 1.5", change: (file) => Object.assign(file, {version: 1.5})},
    {id: "a cluster without a definition", change: (_, alpha) => Object.assign(alpha, {definition: ""})},
    {id: "SSV operators that are not a list", change: onChain("5,123")},
    {id: "an SSV operator twice", change: onChain([5, 123, 900, 900])},
    {id: "5 SSV operators", change: onChain([5, 123, 900, 1042, 1043])},
    {id: "no SSV operators", change: onChain([])},
    {id: "an SSV operator id of 2^31", change: onChain([5, 123, 900, 2 ** 31])},
    {id: "SSV operator id 0", change: onChain([0, 5, 123, 900])},
    {id: "a sidecar that is not one of the SSV operators", change: onChain([5, 123, 900, 1042], [5, 1])},
    {id: "no owners", change: onChain([5, 123, 900, 1042], [5], {ssv_owners: []})},
    {id: "an owner that is not an address", change: onChain([5, 123, 900, 1042], [5], {ssv_owners: ["0x12"]})},
    {
      id: "an owner with a wrong checksum",
      change: onChain([5, 123, 900, 1042], [5], {ssv_owners: ["0x00ABaBaBABabABabAbAbABAbABabababaBaBABaB"]}),
    },
    {id: "an unknown field of a definition", change: (_, alpha) => Object.assign(alpha, {definition: {path: "lock.json"}})},
    {
      id: "two clusters of the same SSV operators",
      change(file, alpha) {
        onChain([5, 123, 900, 1042])(file, alpha);
        file.clusters.push({
          ...alpha,
          id: "gamma",
          definition: {ssv_operator_ids: [1042, 900, 123, 5]} as never,
          sidecars: [{share_index: 900, nkey}],
        });
      },
    },
    {id: "share index 0", change: (_, alpha) => alpha.sidecars.push({share_index: 0, nkey})},
    {id: "share index 1.5", change: (_, alpha) => alpha.sidecars.push({share_index: 1.5, nkey})},
    {id: "a cluster id with a dot", change: (_, alpha) => Object.assign(alpha, {id: "al.pha"})},
    {id: "a cluster id with a wildcard", change: (_, alpha) => Object.assign(alpha, {id: "*"})},
    {id: "an operator id in upper case", change: (file) => file.operators.push({id: "Vault", nkey})},
    {id: "an operator id of 33 characters", change: (file) => file.operators.push({id: "a".repeat(33), nkey})},
    {id: "an empty operator id", change: (file) => file.operators.push({id: "", nkey})},
    {id: "no encryption key", change: ({aggregator}) => aggregator.encryption_keys.splice(0)},
    {id: "an encryption key of 63 bytes", change: ({aggregator}) => aggregator.encryption_keys.push(newest.slice(0, -2))},
    {
      id: "an older encryption key off the curve",
      change: ({aggregator}) => aggregator.encryption_keys.push(`0x${"11".repeat(64)}`),
    },
    {id: "an nkey of an account", change: (file) => Object.assign(file.relayer, {nkey: `A${"A".repeat(55)}`})},
    {id: "an nkey cut short", change: (file) => Object.assign(file.relayer, {nkey: nkey.slice(1)})},
  ])("rejects $id", async ({change}) => {
    await expect(load(change)).rejects.toMatchObject({code: "PARTICIPANTS_INVALID"});
  });

  it("rejects what is not JSON", async () => {
    await expect(loadParticipants(folder.write("text.json", "network: hoodi"), "hoodi")).rejects.toMatchObject({
      code: "PARTICIPANTS_INVALID",
    });
  });

  it("rejects a file that does not exist", async () => {
    await expect(loadParticipants(folder.fresh(), "hoodi")).rejects.toMatchObject({code: "FILE_MISSING"});
  });

  it("reports all problems together", async () => {
    const change: Change = (file, alpha) => {
      file.operators.push({id: "vault_2", nkey});
      alpha.operators.push("nobody");
      alpha.sidecars.push({share_index: 123, nkey});
    };
    await expect(load(change)).rejects.toMatchObject({message: expect.stringMatching(/vault_2.*nobody.*123/s)});
  });
});
