import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import {maxOrderSize} from "../../schemas/order.js";
import {networks} from "../../src/consensus/networks.js";
import {loadOracleSet} from "../../src/oracles/oracleSet.js";
import {toHex} from "../../src/runtime/hex.js";
import {sealClusterLock} from "../../src/sandbox/makeCluster.js";
import {connectStore} from "../../src/store/connect.js";
import {createExits} from "../../src/store/exits.js";
import {createOrders} from "../../src/store/orders.js";
import {createRequests} from "../../src/store/requests.js";
import {dealInSequence} from "./dealInSequence.js";
import {silent, temporaryFolder} from "./servers.js";
import {ask, signOrder} from "./stage.js";
import {operatorId, type System} from "./system.js";

const network = networks.hoodi;

/** A cluster of thousands of validators, whose definition roles accept as any other. It has a single share index. */
export async function writeLargeCluster(id: string, validators: number) {
  const points = dealInSequence(validators);
  const definition = join(await temporaryFolder(), "cluster-lock.json");
  await writeFile(definition, JSON.stringify(sealClusterLock(network, points, 1, 1)));
  // As lists have those of one time.
  const publicKeys = points.validators.map(({publicKey}) => toHex(publicKey)).sort();
  return {cluster: {id, definition, operatorIds: [operatorId], shareIndexes: [1]}, publicKeys};
}

/** What roles of this system store, stored by their code but without them. */
export async function openStoreOf({env, seedFile}: System) {
  const {db, close} = await connectStore(env["MONGODB_URL"] as string, silent);
  onTestFinished(close);
  const requests = createRequests(db, {logger: silent, mayAsk: () => true});
  const orders = createOrders(db, network, silent);
  const exits = createExits(db, network, silent);
  return {
    exits,
    oracleSet: await loadOracleSet(env["ORACLES_CONFIG_FILE"] as string),
    /** Exits as a relayer stores those of an operator's batches; the first key gets this index, each next one the next. */
    async askFor(publicKeys: readonly string[], {clusterId = "c1", validatorIndex = 1000, requestedAt = Date.now()} = {}) {
      const dealt = publicKeys.map((publicKeyHex) => ({publicKeyHex}));
      const asked = {requests, orders, dealt, signOrder: signOrder.bind(undefined, seedFile)};
      for (let of = 0; of < dealt.length; of += maxOrderSize) {
        await ask(asked, {clusterId, of, count: maxOrderSize, validatorIndex, operatorId, requestedAt});
      }
    },
  };
}
