import {randomBytes} from "node:crypto";
import {readFile} from "node:fs/promises";
import {Binary} from "mongodb";
import {maxOrderSize} from "../../../schemas/order.js";
import {entryDigestOf, orderContent, orderIdOf} from "../../../src/exits/order.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {createLogger} from "../../../src/runtime/logger.js";
import {createExits, type ExitDocument} from "../../../src/store/exits.js";
import {createOrders, type StoredOrder} from "../../../src/store/orders.js";
import {type RequestDocument, toDocument} from "../../../src/store/requestDocument.js";
import {createRequests} from "../../../src/store/requests.js";
import {type BenchSystem, clusterId, network, operatorId} from "./benchSystem.js";

const hex = (bytes: number): string => `0x${randomBytes(bytes).toString("hex")}`;
const shareBytes = 65 + 16 + 16 + 96;
const validatorIndex = 1;
const ordersAtOnce = 16;
const hourMs = 3_600_000;

const logger = createLogger({role: "bench", level: "silent", format: "json"});

type Fill = {
  /** Of keys that the cluster does not have any more: answered, each with its result. */
  answered: number;
  /** How many shares each of the cluster's own exits has, all of them open. */
  shares: number;
};

/** What an exit has besides its id. */
type Progress = Pick<ExitDocument, "results" | "shares" | "came" | "collecting" | "completed_at" | "published_at">;

/** Documents as relayer and aggregator write them, made by their own code, in their real sizes: docs/architecture.md. */
export async function fillDatabase(system: BenchSystem, {answered, shares}: Fill): Promise<void> {
  const {db} = system.database.store;
  const {publicKeys: oracles, configHash} = await loadOracleSet(system.oraclesFile);
  const participant = `operator-${operatorId}`;
  const identity = toIdentity(participant, await readFile(system.seedFile(participant), "utf8"));
  const orders = createOrders(db, network, logger);
  await orders.createIndexes();
  await createRequests(db, {logger, mayAsk: () => true}).createIndexes();
  await createExits(db, network, logger).createIndexes();
  const requests = db.collection<RequestDocument>("requests");
  const exits = db.collection<ExitDocument>("exits");

  const now = Date.now();
  const toOrder = (publicKeys: readonly string[]): StoredOrder => {
    const digests = publicKeys.map((public_key) => entryDigestOf({public_key, validator_index: validatorIndex}));
    const order = {network: network.name, operatorId, requestedAt: now, digests};
    return {...order, publicKeys, signature: Buffer.from(identity.sign("order", orderContent(order))).toString("base64")};
  };
  const store = async (keys: readonly string[], request: Partial<RequestDocument>, progress: Progress) => {
    for (let start = 0; start < keys.length; start += ordersAtOnce * maxOrderSize) {
      const some = Array.from({length: ordersAtOnce}, (_, order) => start + order * maxOrderSize)
        .map((at) => keys.slice(at, at + maxOrderSize))
        .filter((own) => own.length > 0)
        .map(toOrder);
      const asks = some.flatMap((order) =>
        order.publicKeys.map((publicKey) => ({
          exit: {network, publicKey, validatorIndex},
          clusterId,
          operatorId,
          requestedAt: now,
          orderId: orderIdOf(order),
        })),
      );
      const documents = asks.map(({exit: {publicKey: public_key}}) => ({
        _id: `${network.name}:${public_key}:${validatorIndex}`,
        network: network.name,
        public_key,
        validator_index: validatorIndex,
        cluster_id: clusterId,
        ...progress,
      }));
      await Promise.all([
        orders.add(some),
        requests.insertMany(asks.map((ask) => ({...toDocument(ask, now, hourMs), ...request}))),
        exits.insertMany(documents),
      ]);
    }
  };
  // The same in each: roles read none of it when they start, and to make another each would take longer than to store it.
  const result = {
    public_keys: oracles.map(() => hex(48)),
    encrypted_exit_signatures: oracles.map(() => hex(shareBytes)),
    aggregator_signature: randomBytes(64).toString("base64"),
  };
  const held = Array.from({length: shares}, (_, position) => String(position + 1));
  const came = Object.fromEntries(held.map((index) => [index, now]));
  await store(
    Array.from({length: answered}, () => hex(48)),
    {state: "answered", answered_for: configHash},
    {results: {[configHash]: result}, came, completed_at: now, published_at: now},
  );
  const ciphertexts = Object.fromEntries(held.map((index) => [index, new Binary(randomBytes(shareBytes))]));
  await store(system.publicKeys, {}, {results: {}, collecting: true, shares: ciphertexts, came});
}
