import {randomBytes} from "node:crypto";
import {Binary} from "mongodb";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {createLogger} from "../../../src/runtime/logger.js";
import {createExits} from "../../../src/store/exits.js";
import {createRequests} from "../../../src/store/requests.js";
import {type BenchSystem, clusterId, network, operatorId} from "./benchSystem.js";

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString("hex")}`;
const shareBytes = 65 + 16 + 16 + 96;
const atOnce = 1000;
const hourMs = 3_600_000;

const logger = createLogger({role: "bench", level: "silent", format: "json"});

type Fill = {
  /** Of keys that the cluster does not have any more: answered, each with its result. */
  answered: number;
  /** How many shares each of the cluster's own exits has, all of them open. */
  shares: number;
};

/** Documents as relayer and aggregator write them, in their real sizes: docs/architecture.md. */
export async function fillDatabase(system: BenchSystem, {answered, shares}: Fill): Promise<void> {
  const {db} = system.database.store;
  const {publicKeys, configHash} = await loadOracleSet(system.oraclesFile);
  await createRequests(db, {logger, mayAsk: () => true}).createIndexes();
  await createExits(db, network, logger).createIndexes();
  const requests = db.collection<{_id: string}>("requests");
  const exits = db.collection<{_id: string}>("exits");

  const store = async (keys: readonly string[], state: "open" | "answered", exit: () => object): Promise<void> => {
    const now = Date.now();
    const ofKey = (public_key: string) => ({network: network.name, public_key, cluster_id: clusterId, validator_index: 1});
    const times = {requested_at: now, opened_at: now, due_at: now + hourMs};
    await requests.insertMany(
      keys.map((key) => ({
        _id: `${network.name}:${key}`,
        ...ofKey(key),
        ...times,
        operators: {[operatorId]: now},
        state,
        issues: 1,
      })),
    );
    await exits.insertMany(keys.map((key) => ({_id: `${network.name}:${key}:1`, ...ofKey(key), ...exit()})));
  };
  const aResult = (): object => ({
    results: {
      [configHash]: {
        public_keys: publicKeys.map(() => hex(48)),
        encrypted_exit_signatures: publicKeys.map(() => hex(shareBytes)),
        aggregator_signature: randomBytes(64).toString("base64"),
      },
    },
  });
  const held = Array.from({length: shares}, (_, position) => position + 1);
  const someShares = (): object => ({
    collecting: true,
    results: {},
    shares: Object.fromEntries(held.map((index) => [index, new Binary(randomBytes(shareBytes))])),
  });

  for (let start = 0; start < answered; start += atOnce) {
    const keys = Array.from({length: Math.min(atOnce, answered - start)}, () => hex(48));
    await store(keys, "answered", aResult);
  }
  for (let start = 0; start < system.publicKeys.length; start += atOnce) {
    await store(system.publicKeys.slice(start, start + atOnce), "open", someShares);
  }
}
