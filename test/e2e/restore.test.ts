import {mkdir, readFile, rm, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import type {Db, Document} from "mongodb";
import {expect, inject, it, onTestFinished} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";
import {freePort} from "../../src/sandbox/servers/freePort.js";
import {openDocumented} from "../support/documented.js";
import {startLink} from "../support/link.js";
import {createTestDatabase} from "../support/servers.js";
import {
  joinNode,
  moveIn,
  requestExits,
  runUnitStreams,
  startUnitNats,
  startUnitRole,
  writeUnitFiles,
} from "../support/unitCentre.js";

/** What a dump of the database has. */
const dump = async (db: Db): Promise<Map<string, Document[]>> =>
  new Map(
    await Promise.all(
      (await db.collections()).map(async (it): Promise<[string, Document[]]> => [it.collectionName, await it.find().toArray()]),
    ),
  );

const resultsIn = (text: string): unknown[] => (JSON.parse(text) as {validators: unknown[]}).validators;

const restore = async (db: Db, dumped: ReadonlyMap<string, Document[]>): Promise<void> => {
  for (const [name, documents] of dumped) if (documents.length > 0) await db.collection(name).insertMany(documents);
};

it("is lost with its machine and comes back from a backup without NATS's store: old results are there, and no exit is missed", async () => {
  const files = await writeUnitFiles(5);
  const {root} = files;
  const old = join(root, "old", "dvt");
  const fresh = join(root, "new", "dvt");
  const state = join(root, "state");
  const unpacked = join(root, "unpacked");
  for (const folder of [dirname(old), dirname(fresh), unpacked]) await mkdir(folder, {recursive: true});
  // The name of the bus, which the nodes keep; it leads to where the server is.
  let port = await freePort();
  const name = await startLink(() => port);
  onTestFinished(name.close);
  const documented = await openDocumented("docs/clusters.md", {
    instead: [
      ["/var/lib/centre.tgz", join(root, "centre.tgz")],
      ["-C /\n", `-C ${unpacked}\n`],
      ["/srv/dvt", fresh],
      ["/etc/dvt", old],
    ],
    folder: fresh,
    path: dirname(inject("natsServer")),
  });
  const start = async (folder: string): Promise<{relayer: Child; stop(): Promise<void>}> => {
    const configFile = join(folder, "nats", "nats.conf");
    const config = await readFile(configFile, "utf8");
    port = await freePort();
    await writeFile(configFile, config.replace(/^port: .*$/m, `port: ${port}`).replace(/^http: .*$/m, 'http: "127.0.0.1:-1"'));
    const nats = await startUnitNats(configFile);
    name.open();
    await runUnitStreams(folder);
    const [relayer, aggregator] = await Promise.all(["relayer", "aggregator"].map((role) => startUnitRole(folder, role)));
    return {
      relayer: relayer as Child,
      async stop() {
        for (const {process, ended} of [nats, relayer as Child, aggregator as Child]) {
          process.kill("SIGKILL");
          await ended;
        }
      },
    };
  };

  const database = await createTestDatabase();
  const url = `tls://localhost:${name.port}`;
  const clusters = `--network hoodi --cluster-lock alpha=${files.clusterLock} --oracles ${files.oraclesFile} --operator acme`;
  await documented.shell(`dvt init --folder ${old} ${clusters} --nats-url ${url} --mongodb 127.0.0.1:27017`);
  await moveIn(old, {state: state, mongoUrl: database.url});
  const before = await start(old);
  const invited = await documented.shell(`dvt invite --all --folder ${old}`);
  const accepting = documented.shell(`dvt accept --auto --wait --folder ${old}`);
  const nodes = await Promise.all([0, 1, 2].map((node) => joinNode(node, files, invited)));
  await accepting;
  const sidecars = await Promise.all(nodes.map((node) => node.start()));
  // The operator has a machine of its own.
  const home = join(root, "operator");
  await documented.shell(`cp -r ${old} ${home} && sed -i 's#${old}#${home}#g' ${home}/operator/operator.env`);
  const [kept] = resultsIn(await files.expectExits(home, [0, 2]));

  // One is open when the database is saved; one is asked for afterwards, and its operator waits.
  await Promise.all(sidecars.slice(1).map((sidecar) => sidecar.stop()));
  const early = await requestExits(home, files, [2, 1], 1);
  expect(await early.ended, early.output()).toBe(75);
  await documented.run("keys-aggregator");
  await documented.run("save");
  const dumped = await dump(database.db);
  const waiting = await requestExits(home, files, [3, 1]);
  await before.relayer.line(/:1003".*"exits issued"/);

  name.cut();
  await before.stop();
  await database.db.dropDatabase();
  await documented.run("unpack");
  await rm(old, {recursive: true});
  await rm(state, {recursive: true});

  await documented.shell(`mv ${unpacked}${old} ${fresh}`);
  await documented.run("other-folder");
  const another = await createTestDatabase();
  // A dump that was taken while an exit completed: the request is answered, and its result is missing.
  const exits = (dumped.get("exits") ?? []).filter(({_id}) => !String(_id).endsWith(":1001"));
  await restore(another.db, new Map([...dumped, ["exits", exits]]));
  await moveIn(fresh, {state, mongoUrl: another.url});
  await start(fresh);
  await documented.run("publish");
  await nodes[1]?.start();

  expect(await waiting.ended, waiting.output()).toBe(0);
  await files.expectExits(home, [2, 1]);
  const [there, again] = resultsIn(await files.expectExits(home, [0, 2]));
  expect(there).toEqual(kept);
  expect(again).toMatchObject({validator_index: 1001});
  await files.expectExits(fresh, [4, 1]);
}, 300_000);
