import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {toResultsFile} from "../../src/client/results.js";
import {networks} from "../../src/consensus/networks.js";
import type {ExitResult} from "../../src/exits/completion.js";
import {exitKeyOf} from "../../src/exits/exitId.js";
import {loadOracleSet, type OracleSet} from "../../src/oracles/oracleSet.js";
import {startAnvil} from "../../src/sandbox/chain/anvil.js";
import {checkResults} from "../../src/sandbox/checkResults.js";
import {writeOracles} from "../../src/sandbox/writeOracles.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {deployKeeper} from "../support/chain/keeperContract.js";
import {startTestIpfs} from "../support/ipfsGateway.js";
import {createSystem, operatorId, type System} from "../support/system.js";

const network = networks.hoodi;
/** Oracles of the test's own, as they are announced. */
type Oracles = {set: OracleSet; keys: Uint8Array[]; text: string};

async function makeOracles({folder}: System, name: string): Promise<Oracles> {
  const path = join(folder, `oracles-${name}.json`);
  const keys = await writeOracles(path, {count: 4, threshold: 3});
  return {set: await loadOracleSet(path), keys, text: await readFile(path, "utf8")};
}

/** A system whose roles read the oracle set from a chain of the test's own. */
async function createChainSystem() {
  const [system, anvil, ipfs, beacon] = await Promise.all([
    createSystem({validators: 3}),
    startAnvil({chainId: network.chainId}),
    startTestIpfs(),
    startBeaconServer(network),
  ]);
  onTestFinished(anvil.stop);
  const keeper = await deployKeeper(anvil);
  const envOf = (role: string): Record<string, string> => ({
    ORACLES_CONFIG_FILE: "",
    EXECUTION_ENDPOINT: anvil.url,
    KEEPER_CONTRACT: keeper.address,
    IPFS_FETCH_ENDPOINTS: ipfs.url,
    ORACLES_REFRESH: "200ms",
    ORACLES_CHECKPOINT_FILE: join(system.folder, `${role}-oracles.json`),
  });
  return {
    system,
    envOf,
    announce: async ({text}: Oracles): Promise<void> => keeper.announce(await ipfs.add(text)),
    register: (...publicKeys: string[]) => beacon.setHead({validators: publicKeys, pending: []}),
    startRelayer: () => system.relayer({...envOf("relayer"), CONSENSUS_ENDPOINT: beacon.url, REISSUE_AFTER: "800ms"}),
  };
}

type StoredRequest = {_id: string; state: string; answered_for?: string; registered?: boolean};
type StoredExit = {_id: string; results: Record<string, ExitResult>};

/** Of each validator: the sets that it has results for, and what it was answered for. */
async function standing({db, publicKeys}: System): Promise<{sets: string[]; state: string; answeredFor?: string | undefined}[]> {
  return Promise.all(
    publicKeys.map(async (key, position) => {
      const request = await db.collection<StoredRequest>("requests").findOne({_id: `hoodi:${key}`});
      const exit = await db.collection<StoredExit>("exits").findOne({_id: `hoodi:${key}:${1000 + position}`});
      return {sets: Object.keys(exit?.results ?? {}), state: request?.state ?? "", answeredFor: request?.answered_for};
    }),
  );
}

/** What the operator was told last of the validator. */
async function toldSet({bus, publicKeys}: System, of: number): Promise<unknown> {
  const jsm = await bus.connection.jetstreamManager();
  const subject = `dvt.v2.completions.hoodi.${operatorId}.${publicKeys[of]}.${1000 + of}`;
  const {oracles_config_hash} = (await jsm.streams.getMessage("COMPLETIONS", {last_by_subj: subject})).json<{
    oracles_config_hash: string;
  }>();
  return oracles_config_hash;
}

it("asks again for the exits that are not registered when the oracle set changes, while it runs and while it does not", async () => {
  const {system, envOf, announce, register, startRelayer} = await createChainSystem();
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => makeOracles(system, name)));
  if (!a || !b || !c) throw new Error("no oracles");
  const wanted = system.publicKeys.map((publicKey, position) => ({publicKey, validatorIndex: 1000 + position}));
  const check = (path: string, {set, keys}: Oracles, from: number): Promise<void> =>
    checkResults(path, {network, oracleSet: set, validators: wanted.slice(from)}, keys);
  const checkStored = async (oracles: Oracles): Promise<void> => {
    const completed = await Promise.all(
      wanted.slice(1).map(async (validator) => {
        const exit = {network, ...validator};
        const stored = await system.db.collection<StoredExit>("exits").findOne({_id: exitKeyOf(exit)});
        const {configHash} = oracles.set;
        const {public_keys = [], encrypted_exit_signatures = []} = stored?.results[configHash] ?? {};
        return {exit, oraclesConfigHash: configHash, result: {public_keys, encrypted_exit_signatures}};
      }),
    );
    const path = join(system.folder, `results-${oracles.set.configHash}.json`);
    await writeFile(path, toResultsFile(network.name, completed));
    await check(path, oracles, 1);
  };

  await announce(a);
  const [relayer] = await Promise.all([startRelayer(), system.aggregator(envOf("aggregator")), system.sidecars(0, 1, 2)]);
  const operator = system.request({env: envOf("operator")});
  expect(await operator.ended, operator.output()).toBe(0);
  await check(operator.resultsFile, a, 0);
  const answeredFor = (...hashes: string[]) =>
    hashes.map((hash) => expect.objectContaining({state: "answered", answeredFor: hash}));
  const [hashA = "", hashB = "", hashC = ""] = [a, b, c].map(({set}) => set.configHash);
  await expect.poll(() => standing(system)).toEqual(answeredFor(hashA, hashA, hashA));

  register(system.publicKeys[0] as string);
  await announce(b);
  await expect.poll(() => standing(system)).toEqual(answeredFor(hashA, hashB, hashB));
  expect((await standing(system)).map(({sets}) => sets)).toEqual([[hashA], [hashA, hashB], [hashA, hashB]]);
  const told = () => Promise.all([0, 1, 2].map((of) => toldSet(system, of)));
  await expect.poll(told).toEqual([hashA, hashB, hashB]);
  await checkStored(b);

  await relayer.stop();
  await announce(c);
  await startRelayer();
  await expect.poll(() => standing(system)).toEqual(answeredFor(hashA, hashC, hashC));
  expect((await standing(system)).map(({sets}) => sets.length)).toEqual([1, 3, 3]);
  await checkStored(c);
  await check(operator.resultsFile, a, 0);
});
