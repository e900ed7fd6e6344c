import {createHash} from "node:crypto";
import {once} from "node:events";
import {createServer, type IncomingMessage} from "node:http";
import type {AddressInfo} from "node:net";
import {onTestFinished} from "vitest";
import type {Network} from "../../src/consensus/networks.js";
import {toHex} from "../../src/runtime/hex.js";
import type {TestDeposit} from "./examples/deposits.js";

/** What a beacon node's head has. */
export type TestState = {
  readonly validators: readonly string[];
  readonly pending: readonly TestDeposit[];
  /** Of those of them that are not active. */
  readonly statuses?: Readonly<Record<string, string>>;
  /** Addresses (20 bytes in hex with 0x) of those of them that withdraw to one. */
  readonly withdrawals?: Readonly<Record<string, string>>;
};
/** What nodes do differently. "prysm": it finds states by the roots that its head remembers, of which the head itself is none. */
export type Dialect = "plain" | "prysm";
/** What it says in place of what it should; undefined: what it should. A text is sent as it is. */
export type TestAnswer = {readonly status?: number; readonly body: unknown} | "hang" | undefined;

export type BeaconServer = {
  /** With a login, a key in its path and one in its query. */
  readonly url: string;
  readonly host: string;
  /** Paths under /eth/v1/, without the root of a state. */
  readonly asked: string[];
  /** How often it was asked what ends so. */
  count(ending: string): number;
  setHead(state: TestState): void;
  /** From now on it has forgotten every state but its head's. */
  forget(): void;
  speak(dialect: Dialect): void;
  /** From now on it gives no more than so many validators in one answer. */
  cutTo(most: number): void;
  answerWith(answer: (path: string) => TestAnswer): void;
};

export const canary = "canary51d0";

/** Plays a beacon node of the network. */
export async function startBeaconServer(
  network: Network,
  head: TestState = {validators: [], pending: []},
): Promise<BeaconServer> {
  const states = new Map<string, TestState>();
  const asked: string[] = [];
  let headRoot = "";
  let dialect: Dialect = "plain";
  let most = Number.POSITIVE_INFINITY;
  let answerWith: (path: string) => TestAnswer = () => undefined;
  const setHead = (state: TestState): void => {
    headRoot = toHex(createHash("sha256").update(JSON.stringify(state, bigintAsText)).digest());
    states.set(headRoot, state);
  };
  setHead(head);

  const answer = (path: string, body: string): TestAnswer => {
    if (path === "beacon/genesis") return ok({genesis_validators_root: toHex(network.genesisValidatorsRoot)});
    if (path === "node/syncing") {
      return ok({head_slot: "7", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false});
    }
    if (path === "beacon/headers/head") return ok({header: {message: {state_root: headRoot}}});
    const [, id = "", what] = /^beacon\/states\/(head|0x[0-9a-f]{64})\/(validators|pending_deposits)$/.exec(path) ?? [];
    const isKnown = id === "head" || dialect === "plain" || id !== headRoot;
    const state = states.get(id === "head" ? headRoot : id);
    if (!state || !isKnown) return {status: 404, body: {code: 404, message: "State not found"}};
    return ok(what === "validators" ? findAll(state, JSON.parse(body).ids).slice(-most) : state.pending.map(toPending));
  };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").replace(`/${canary}/eth/v1/`, "").replace(`?token=${canary}`, "");
    const shortPath = path.replace(/0x[0-9a-f]{64}/, "ROOT");
    asked.push(shortPath);
    const body = await readAll(request);
    const said = answerWith(shortPath) ?? answer(path, body);
    if (said === "hang" || said === undefined) return;
    const text = typeof said.body === "string" ? said.body : JSON.stringify(said.body);
    response.writeHead(said.status ?? 200, {"content-type": "application/json"}).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${canary}:${canary}@${host}/${canary}/?token=${canary}`,
    host,
    asked,
    count: (ending) => asked.filter((path) => path.endsWith(ending)).length,
    setHead,
    forget() {
      for (const root of states.keys()) if (root !== headRoot) states.delete(root);
    },
    speak(spoken) {
      dialect = spoken;
    },
    cutTo(count) {
      most = count;
    },
    answerWith(said) {
      answerWith = said;
    },
  };
}

const ok = (data: unknown): TestAnswer => ({body: {execution_optimistic: false, finalized: false, data}});
const bigintAsText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);

/** In no order, as the API allows. */
function findAll({validators, ...state}: TestState, ids: readonly string[]): unknown[] {
  const indexes = new Map(validators.map((key, index) => [key, index]));
  const found = ids.flatMap((id) => {
    const index = id.startsWith("0x") ? indexes.get(id) : Number(id);
    return index !== undefined && index < validators.length ? [index] : [];
  });
  return [...new Set(found)].reverse().map((index) => toValidator(index, validators[index] as string, state));
}

const toValidator = (index: number, pubkey: string, {statuses = {}, withdrawals = {}}: Omit<TestState, "validators">) => ({
  index: `${index}`,
  balance: "32000000000",
  status: statuses[pubkey] ?? "active_ongoing",
  validator: {pubkey, withdrawal_credentials: credentialsOf(withdrawals[pubkey] ?? pubkey), slashed: false},
});

/** Of a validator that such a node has. */
export const credentialsOf = (publicKey: string): string => `0x02${"00".repeat(11)}${publicKey.slice(-40)}`;

const toPending = ({publicKey, withdrawalCredentials, amount, signature}: TestDeposit) => ({
  pubkey: publicKey,
  withdrawal_credentials: withdrawalCredentials,
  amount: `${amount}`,
  signature,
  slot: "7",
});

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
