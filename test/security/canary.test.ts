import {randomBytes} from "node:crypto";
import {chmod, cp, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as delay} from "node:timers/promises";
import {headers} from "nats";
import {describe, expect, inject, it, onTestFinished} from "vitest";
import {exitShare} from "../../schemas/exitShare.js";
import {parseSecretKey, parseSignature, type SecretKey} from "../../src/bls/curve.js";
import {recoverSignature} from "../../src/bls/threshold.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {encrypt} from "../../src/ecies/ecies.js";
import {publicKeyOf} from "../../src/ecies/keys.js";
import {decryptKeystore, Keystore} from "../../src/keys/keystore.js";
import {readDeadLetters} from "../../src/messaging/deadLetters.js";
import {publish} from "../../src/messaging/publish.js";
import {signMessage} from "../../src/messaging/signature.js";
import {readJson} from "../../src/runtime/files.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {keystoresOf} from "../../src/sandbox/makeCluster.js";
import {type Canary, filesBelow, findCanaries, type Place} from "../support/canaries.js";
import {countShares} from "../support/countShares.js";
import {looksPrivate, recordPresences} from "../support/recordPresences.js";
import {temporaryFolder} from "../support/servers.js";
import {clusterId, createSystem, type System} from "../support/system.js";
import {untilLines} from "../support/until.js";

const network = networks.hoodi;
const validators = 2;
const nodes = 4;
const startIndex = 1000;

/** The key shares of each validator, by share index - 1. */
async function readKeyShares({keystoresTemplate}: System): Promise<Uint8Array[][]> {
  const open = async (validator: number, node: number): Promise<Uint8Array> => {
    const path = join(keystoresOf(keystoresTemplate, node), `keystore-${validator}.json`);
    const password = await readFile(path.replace(/json$/, "txt"), "utf8");
    return decryptKeystore(await readJson(path, "a keystore", Keystore, "KEYSTORE_INVALID"), password, path);
  };
  return Promise.all(
    Array.from({length: validators}, (_, validator) =>
      Promise.all(Array.from({length: nodes}, (_, node) => open(validator, node))),
    ),
  );
}

const sign = (keyShare: Uint8Array, validatorIndex: number) =>
  (parseSecretKey(Uint8Array.from(keyShare)) as SecretKey).sign(voluntaryExitSigningRoot(network, validatorIndex));

/** Everything that may be nowhere but in the memory of whom it belongs to. */
async function secretsOf(system: System, keyShares: Uint8Array[][]): Promise<Canary[]> {
  const canaries = keyShares.flatMap((shares, validator): Canary[] => {
    const signatures = shares.map((share) => sign(share, startIndex + validator));
    const recovered = recoverSignature(
      new Map(signatures.slice(0, 3).map((it, node) => [node + 1, parseSignature(it.toBytes())])),
    );
    return [
      ...shares.map((bytes, node) => ({id: `key share ${node + 1} of validator ${validator}`, bytes})),
      ...signatures.map((it, node) => ({id: `signature share ${node + 1} of validator ${validator}`, bytes: it.toBytes()})),
      {id: `the exit of validator ${validator}`, bytes: recovered.toBytes()},
    ];
  });
  const passwords = await Promise.all(
    Array.from({length: nodes}, async (_, node) => ({
      id: `a password of node ${node}`,
      bytes: await readFile(join(keystoresOf(system.keystoresTemplate, node), "keystore-0.txt")),
    })),
  );
  const seeds = await Promise.all(
    ["admin", "relayer", "aggregator", `sidecar-${clusterId}-1`, "operator-op-1"].map(async (participant) => ({
      id: `the seed of ${participant}`,
      bytes: await readFile(system.seedFile(participant)),
    })),
  );
  const aggregatorKey = fromHex((await readFile(system.aggregatorKeyFile, "utf8")).trim());
  return [...canaries, ...passwords, ...seeds, {id: "the aggregator's key", bytes: aggregatorKey}];
}

async function documents({db}: System): Promise<Place[]> {
  const collections = await db.collections();
  const dumps = collections.map(async (collection) => {
    const all = await collection.find({}, {promoteBuffers: true}).toArray();
    const binaries = all.flatMap(({shares = {}}) => Object.values(shares as Record<string, Uint8Array>).map(Buffer.from));
    return {
      id: `collection ${collection.collectionName}`,
      content: Buffer.concat([Buffer.from(JSON.stringify(all)), ...binaries]),
    };
  });
  return Promise.all(dumps);
}

async function deadLetters({bus}: System): Promise<Place[]> {
  const letters = await readDeadLetters(bus);
  return [{id: "dead letters", content: Buffer.from(JSON.stringify(letters))}];
}

const printed = (children: readonly Child[]): Place[] =>
  children.map((child, number) => ({id: `output ${number + 1}`, content: Buffer.from(child.output())}));

/** What the servers have on their disks. The embedded database writes within a second. */
async function serverFiles({nats}: System): Promise<Place[]> {
  await delay(1500);
  const folders = [nats.storeDir, inject("mongoFolder")].filter(Boolean);
  return (await Promise.all(folders.map(filesBelow))).flat();
}

describe("secrets", () => {
  it("are found by this search in every form and place that it looks in", async () => {
    const system = await createSystem({validators: 1});
    const folder = await temporaryFolder();
    const planted = {id: "it", bytes: new Uint8Array(randomBytes(96))};
    const buffer = Buffer.from(planted.bytes);
    const forms: [string, Buffer | string][] = [
      ["raw", Buffer.concat([randomBytes(7), buffer, randomBytes(9)])],
      ["hex", toHex(planted.bytes)],
      ["upper case", buffer.toString("hex").toUpperCase()],
      ["base64", buffer.toString("base64")],
      ["base64 within", Buffer.concat([randomBytes(1), buffer, randomBytes(5)]).toString("base64")],
      ["base64 within, further", Buffer.concat([randomBytes(2), buffer]).toString("base64url")],
      ["numbers", JSON.stringify([...planted.bytes])],
      ["a third of it", buffer.subarray(38, 58).toString("hex")],
    ];
    for (const [name, content] of forms) await writeFile(join(folder, name), content);
    const found = findCanaries([planted], await filesBelow(folder));
    expect(found.sort()).toEqual(forms.map(([name]) => `it in ${join(folder, name)}`).sort());

    // On the servers' disks too, in binary and in text.
    for (const [value, collection] of [
      [buffer, "binary"],
      [toHex(planted.bytes), "text"],
    ] as const) {
      await system.db.collection(collection).insertOne({value});
      if (inject("mongoFolder")) expect(findCanaries([planted], await serverFiles(system)), collection).not.toEqual([]);
      await system.db.dropCollection(collection);
    }
    const other = {id: "it", bytes: new Uint8Array(randomBytes(96))};
    await system.bus.js.publish("dvt.v2.dead_letters.EXIT_SHARES.aggregator", other.bytes);
    expect(findCanaries([other], await filesBelow(system.nats.storeDir))).not.toEqual([]);
  });

  it("are in no log, dead letter, presence, document or file, whatever goes wrong", async () => {
    const system = await createSystem({validators, nodes});
    const presences = recordPresences(system.bus);
    const keyShares = await readKeyShares(system);
    const secrets = await secretsOf(system, keyShares);
    const decoys: Canary[] = [];
    const decoy = (id: string): Uint8Array => {
      const bytes = new Uint8Array(randomBytes(96));
      decoys.push({id, bytes});
      return bytes;
    };
    const children: Child[] = [];
    const trace = {LOG_LEVEL: "trace", NODE_OPTIONS: "--disable-proto=delete"};
    const kept = async (starting: Promise<Child>): Promise<Child> => {
      const child = await starting;
      children.push(child);
      return child;
    };
    const lookEverywhere = async (): Promise<void> => {
      const told = [...printed(children), ...(await deadLetters(system)), ...presences, ...(await documents(system))];
      expect(findCanaries([...secrets, ...decoys], told)).toEqual([]);
      expect(findCanaries(secrets, await serverFiles(system))).toEqual([]);
    };

    // An aggregator on the wrong database: nobody asked for these exits, as far as it knows.
    await kept(system.relayer(trace));
    const wrongDatabase = system.env["MONGODB_URL"]?.replace(/\/([^/?]+)(\?|$)/, "/$1_wrong$2") as string;
    onTestFinished(async () => void (await system.db.client.db(`${system.db.databaseName}_wrong`).dropDatabase()));
    const misled = await kept(system.aggregator({...trace, MONGODB_URL: wrongDatabase}));
    await kept(system.sidecar(0, trace));
    const operator = system.startRequest();
    children.push(operator);
    await untilLines(misled, /EXIT_UNKNOWN/, 1);
    await misled.stop();

    // A sidecar that lies in every way, signed by its own nkey.
    const liar = await system.busOf(`sidecar-${clusterId}-4`);
    const aggregatorKey = publicKeyOf(fromHex((await readFile(system.aggregatorKeyFile, "utf8")).trim()));
    const {publicKeys} = system;
    const [publicKey = ""] = publicKeys;
    const aLie = (plaintext: Uint8Array, change: object = {}) => ({
      network: network.name,
      cluster_id: clusterId,
      share_index: 4,
      exits: [{public_key: publicKey, validator_index: startIndex}],
      encrypted_signatures: toHex(encrypt(aggregatorKey, plaintext)),
      ...change,
    });
    const aggregator = await kept(system.aggregator(trace));
    const refused = untilLines(aggregator, /message sent to dead letters/, 9);
    await publish(liar, exitShare, aLie(sign(keyShares[0]?.[3] as Uint8Array, 7).toBytes()));
    await publish(liar, exitShare, aLie(decoy("a share that is no point")));
    const good = publicKeys.map((_, of) => sign(keyShares[of]?.[3] as Uint8Array, startIndex + of).toBytes());
    const exits = publicKeys.map((key, of) => ({public_key: key, validator_index: startIndex + of}));
    // Good shares in messages that are refused: one signature too many, then too few.
    await publish(liar, exitShare, aLie(Buffer.concat([...good, decoy("one share too many")]), {exits}));
    await publish(liar, exitShare, aLie(good[0] as Uint8Array, {exits}));
    const short = decoy("a short share").subarray(0, 50);
    await publish(liar, exitShare, aLie(Buffer.concat([good[0] as Uint8Array, short]), {exits}));
    const subject = exitShare.subject(aLie(new Uint8Array(96)));
    const spoken = [
      JSON.stringify(aLie(new Uint8Array(96), {signature: toHex(decoy("an unknown field"))})),
      JSON.stringify(aLie(new Uint8Array(96), {[toHex(decoy("the name of a field"))]: 1, cluster_id: toHex(decoy("an id"))})),
      `{"public_key":"${toHex(decoy("JSON cut short"))}`,
    ];
    for (const text of spoken) {
      const data = Buffer.from(text);
      await liar.connection.request(subject, data, {timeout: 2000, headers: signMessage(liar.identity, subject, data)});
    }
    const unsigned = Buffer.from(JSON.stringify({signature: toHex(decoy("an unsigned message"))}));
    await liar.connection.request(subject, unsigned, {timeout: 2000, headers: headers()});
    await refused;

    // Two shares of three are held of each exit: this is when the database knows most.
    const published = countShares(system.bus);
    await kept(system.sidecar(1, trace));
    const heldOfBoth = {"shares.1": {$exists: true}, "shares.2": {$exists: true}};
    await expect.poll(() => system.db.collection("exits").countDocuments(heldOfBoth)).toBe(validators);
    // Each message carried the shares of all exits, and what was asked for again meanwhile may have travelled with them.
    const {shares, messages} = await published();
    expect(messages).toBeGreaterThan(0);
    expect(shares).toBeGreaterThanOrEqual(messages * validators);
    await lookEverywhere();

    // What cannot start says why, and not with what.
    const folder = await temporaryFolder();
    await cp(keystoresOf(system.keystoresTemplate, 2), folder, {recursive: true});
    await writeFile(join(folder, "keystore-0.txt"), toHex(decoy("a wrong password")));
    const keyFile = join(folder, "aggregator.key");
    await writeFile(keyFile, `${toHex(decoy("a bad key"))}\n`, {mode: 0o600});
    const exposedFile = join(folder, "exposed.key");
    await writeFile(exposedFile, toHex(decoy("an exposed key")).slice(0, 66));
    await chmod(exposedFile, 0o644);
    const password = Buffer.from(decoy("a database password")).toString("hex");
    const seed = {NATS_SEED_FILE: system.seedFile("aggregator")};
    const failures: {args: string[]; env: Record<string, string>; code: number}[] = [
      {args: ["aggregator"], env: {...seed, AGGREGATOR_PRIVATE_KEY_FILE: keyFile}, code: 78},
      {args: ["aggregator"], env: {...seed, AGGREGATOR_PRIVATE_KEY_FILE: exposedFile}, code: 78},
      {
        args: ["aggregator"],
        env: {
          ...seed,
          AGGREGATOR_PRIVATE_KEY_FILE: system.aggregatorKeyFile,
          MONGODB_URL: `mongodb://dvt:${password}@127.0.0.1:1/dvt`,
          START_PATIENCE: "1ms",
        },
        code: 75,
      },
      {args: ["relayer"], env: {NATS_SEED_FILE: keyFile}, code: 78},
      {
        args: ["sidecar"],
        env: {
          NATS_SEED_FILE: system.seedFile(`sidecar-${clusterId}-3`),
          OBOL_CLUSTER_LOCK_FILE: system.clusterLock,
          OBOL_KEYSTORES_DIR: folder,
          OBOL_NODE_INDEX: "2",
        },
        code: 78,
      },
    ];
    await Promise.all(
      failures.map(async ({args, env, code}) => {
        const child = startDvt(args, {...system.env, ...trace, ...env});
        onTestFinished(child.stop);
        children.push(child);
        expect(await child.ended, child.output()).toBe(code);
      }),
    );

    // And then it completes, and what was held is gone from where anybody looks.
    await kept(system.sidecar(2, trace));
    await system.expectCompleted(operator, startIndex);
    await expect
      .poll(() => [...new Set(presences.map(({id}) => id))].sort())
      .toEqual(["aggregator", "relayer", ...[1, 2, 3].map((index) => `sidecar-${clusterId}-${index}`)]);
    expect(presences.filter(looksPrivate)).toEqual([]);
    await lookEverywhere();
  });
});
