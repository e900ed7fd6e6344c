import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {createFileReader} from "../../../src/clusters/live/fileReader.js";
import {openClusters} from "../../../src/clusters/live/liveClusters.js";
import {networks} from "../../../src/consensus/networks.js";
import {toHex} from "../../../src/runtime/hex.js";
import {type DealtValidator, dealValidator, toClusterLock} from "../../../src/sandbox/makeCluster.js";
import {connectStore} from "../../../src/store/connect.js";
import {createRequests} from "../../../src/store/requests.js";
import {createTestDatabase, silent, temporaryFolder} from "../../support/servers.js";

const network = networks.hoodi;
const orderId = `0x${"0d".repeat(32)}`;
const keyOf = ({secretKey}: DealtValidator): string => toHex(secretKey.toPublicKey().toBytes());

/** Requests in a database, for exits of three validators. */
async function createAsked() {
  const {url} = await createTestDatabase();
  const store = await connectStore(url, silent);
  onTestFinished(store.close);
  const requests = createRequests(store.db, {logger: silent, mayAsk: () => true});
  const validators = Array.from({length: 3}, () => dealValidator(4, 3));
  const [a, b, c] = validators.map(keyOf) as [string, string, string];
  const exitOf = (publicKey: string, validatorIndex = 7) => ({network, publicKey, validatorIndex});
  const ask = (publicKey: string) =>
    requests.claim(
      [{exit: exitOf(publicKey), clusterId: "c1", operatorId: "op-1", requestedAt: 1, orderId}],
      Date.now(),
      600_000,
    );
  return {requests, validators, keys: {a, b, c}, exitOf, ask};
}

it("finds those whose exit is open, of these validators and this network", async () => {
  const {requests, keys, exitOf, ask} = await createAsked();
  const {a, b, c} = keys;
  for (const key of [a, b, c]) await ask(key);
  await requests.markAnswered(exitOf(b), "0x00");
  expect(await requests.findOpen("hoodi", [a, b])).toEqual([a]);
  expect(await requests.findOpen("mainnet", [a, b, c])).toEqual([]);
  await requests.markExpired(exitOf(a));
  expect(await requests.findOpen("hoodi", [a, b, c])).toEqual([c]);
});

it("keeps a definition from changing a validator as long as its exit is open, and no longer", async () => {
  const {requests, validators, keys, exitOf, ask} = await createAsked();
  const definition = join(await temporaryFolder(), "cluster-lock.json");
  const write = (kept: readonly DealtValidator[]): Promise<void> =>
    writeFile(definition, JSON.stringify(toClusterLock(network, kept, 4, 3)));
  await write(validators);
  const entry = {id: "c1", definition, operatorIds: ["op-1"], sidecars: []};
  const clusters = await openClusters([entry], {read: () => createFileReader(definition, "hoodi"), logger: silent});
  const update = (): Promise<void> =>
    clusters.update([entry], ({changed, removed}) => requests.findOpen("hoodi", [...changed, ...removed]));
  const left = (): number | undefined => clusters.byId("c1")?.validators.size;

  await ask(keys.a);
  await write(validators.slice(0, 2));
  await update();
  expect(left()).toBe(2);
  await write(validators.slice(1, 2));
  await update();
  expect(left()).toBe(2);
  expect(clusters.byPublicKey(keys.a)?.cluster.id).toBe("c1");
  await requests.markAnswered(exitOf(keys.a), "0x00");
  await update();
  expect(left()).toBe(1);
});
