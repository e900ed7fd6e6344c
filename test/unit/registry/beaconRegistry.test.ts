import {describe, expect, it} from "vitest";
import {connectBeacon} from "../../../src/beacon/connectBeacon.js";
import {networks} from "../../../src/consensus/networks.js";
import {createBeaconRegistry} from "../../../src/registry/beaconRegistry.js";
import {type BeaconServer, canary, startBeaconServer, type TestAnswer} from "../../support/beaconServer.js";
import {aDeposit, aTopUp, keyOf} from "../../support/examples/deposits.js";
import {aLogger} from "../../support/logger.js";
import {patience} from "../../support/patience.js";

const network = networks.mainnet;
const keys = (from: number, to: number): string[] =>
  Array.from({length: to - from}, (_, offset) => `0x${(from + offset).toString(16).padStart(96, "0")}`);

function connect(servers: readonly BeaconServer[], {timeoutMs = patience.pollMs}: {timeoutMs?: number} = {}) {
  const {logger, logged} = aLogger();
  const {signal} = new AbortController();
  const beacon = connectBeacon(servers.map(({url}) => url).join(","), {network, signal, logger, timeoutMs});
  return {registry: createBeaconRegistry({beacon, network, logger}), logged};
}

async function start(validators: readonly string[], pending = [] as ReturnType<typeof aDeposit>[]) {
  const server = await startBeaconServer(network, {validators, pending});
  return {server, ...connect([server])};
}

describe("the next validator index", () => {
  it.each([1, 2, 63, 64, 65, 4096, 4097, 20_000])("is the number of validators, where there are %i", async (count) => {
    const {registry, server} = await start(keys(0, count));
    expect((await registry.read([])).nextIndex).toBe(count);
    expect(server.count("validators")).toBeLessThanOrEqual(8);
  });

  it("counts each new key among the pending deposits once, where one of its deposits is valid", async () => {
    const inState = aDeposit(network, "in state");
    const repeated = aDeposit(network, "repeated");
    const late = aDeposit(network, "late");
    const never = aDeposit(network, "never");
    const {registry} = await start(
      [...keys(0, 10), inState.publicKey],
      [
        aTopUp(inState),
        inState,
        aTopUp({...repeated, publicKey: keys(3, 4)[0] as string}),
        repeated,
        aDeposit(network, "repeated", {credentials: "02"}),
        aTopUp(repeated),
        aTopUp(late),
        {...late, amount: 5n},
        late,
        aTopUp(never),
        {...never, withdrawalCredentials: `0x${"11".repeat(32)}`},
        {...never, publicKey: `0x${"ff".repeat(48)}`},
      ],
    );
    const asked = [inState, repeated, late, never].map(({publicKey}) => publicKey);
    const {nextIndex, isRegistered} = await registry.read(asked);
    expect(nextIndex).toBe(13);
    expect(asked.map(isRegistered)).toEqual([true, true, true, false]);
  });

  it("takes hex in capitals", async () => {
    const deposit = aDeposit(network, "a");
    const capital = {...deposit, publicKey: `0x${deposit.publicKey.slice(2).toUpperCase()}`};
    const {registry} = await start(keys(0, 2), [capital, deposit]);
    const {nextIndex, isRegistered} = await registry.read([deposit.publicKey]);
    expect([nextIndex, isRegistered(deposit.publicKey)]).toEqual([3, true]);
  });

  it("follows the head, with a question or two about the validators", async () => {
    const coming = aDeposit(network, "coming");
    const {registry, server} = await start(keys(0, 1000), [coming]);
    expect((await registry.read([])).nextIndex).toBe(1001);
    const asked = server.asked.length;
    expect((await registry.read([])).nextIndex).toBe(1001);
    expect(server.asked.slice(asked)).toEqual(["node/syncing", "beacon/headers/head"]);

    server.setHead({validators: [...keys(0, 1000), keyOf("coming"), ...keys(1000, 1010)], pending: [aDeposit(network, "next")]});
    const {nextIndex, isRegistered} = await registry.read([keyOf("coming"), keyOf("next"), keyOf("other")]);
    expect([nextIndex, ...["coming", "next", "other"].map((seed) => isRegistered(keyOf(seed)))]).toEqual([
      1012,
      true,
      true,
      false,
    ]);
    const states = "beacon/states/ROOT";
    expect(server.asked.slice(asked + 2)).toEqual([
      ...["node/syncing", "beacon/headers/head", `${states}/validators`, `${states}/validators`, `${states}/pending_deposits`],
      ...[`${states}/validators`, `${states}/validators`],
    ]);
    await registry.read([keyOf("coming")]);
    expect(server.count("validators") + server.count("pending_deposits")).toBe(8 + 4 + 1 + 1);
  });

  it.each([
    {id: "were taken back", validators: keys(0, 900), nextIndex: 901},
    {id: "were replaced", validators: [...keys(0, 998), ...keys(2000, 2010)], nextIndex: 1009},
    {id: "are many more", validators: keys(0, 3000), nextIndex: 3001},
  ])("is right where validators $id", async ({validators, nextIndex}) => {
    const pending = [aDeposit(network, "a")];
    const {registry, server} = await start([...keys(0, 999), keyOf("a")], pending);
    expect((await registry.read([keyOf("a")])).nextIndex).toBe(1000);
    server.setHead({validators, pending});
    const view = await registry.read([keyOf("a")]);
    expect([view.nextIndex, view.isRegistered(keyOf("a"))]).toEqual([nextIndex, true]);
  });

  it("is counted once for all who ask meanwhile", async () => {
    const {registry, server} = await start(keys(0, 5), [aDeposit(network, "a")]);
    const views = await Promise.all(keys(0, 20).map((key) => registry.read([key])));
    expect(views.map(({nextIndex}) => nextIndex)).toEqual(Array(20).fill(6));
    expect(views.filter(({isRegistered}, position) => isRegistered(keys(position, position + 1)[0] as string)).length).toBe(5);
    expect([server.count("pending_deposits"), server.count("head")]).toEqual([1, 1]);
  });
});

describe("a beacon node", () => {
  it("that forgets a state is asked for its new head, from the beginning", async () => {
    const {registry, server} = await start(keys(0, 10));
    const move = () => {
      server.setHead({validators: keys(0, 20), pending: [aDeposit(network, "a")]});
      server.forget();
      return undefined;
    };
    server.answerWith((path) => (path.endsWith("pending_deposits") && server.count("head") === 1 ? move() : undefined));
    expect((await registry.read([])).nextIndex).toBe(21);
  });

  it("that never has the state of its head is not asked for ever", async () => {
    const {registry, server} = await start(keys(0, 10));
    server.answerWith((path) =>
      path.includes("/states/") ? {status: 404, body: {code: 404, message: "State not found"}} : undefined,
    );
    await expect(registry.read([])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(server.count("headers/head")).toBeLessThan(10);
  });

  it("that does not know its head by the root of its state, as Prysm, is asked for its head", async () => {
    const {registry, server} = await start(keys(0, 1200), [aDeposit(network, "a")]);
    server.speak("prysm");
    expect((await registry.read([])).nextIndex).toBe(1201);
    server.setHead({validators: [...keys(0, 1200), keyOf("a")], pending: [aDeposit(network, "b")]});
    const {nextIndex, isRegistered} = await registry.read([keyOf("a"), keyOf("b"), keyOf("c")]);
    expect([nextIndex, ...["a", "b", "c"].map((seed) => isRegistered(keyOf(seed)))]).toEqual([1202, true, true, false]);
  });

  it("whose head moves on while it is read is read again: no two states are mixed", async () => {
    const {registry, server} = await start(keys(0, 10), [aDeposit(network, "a")]);
    server.speak("prysm");
    let moves = 0;
    server.answerWith((path) => {
      if (path.endsWith("head/pending_deposits") && moves++ === 0) {
        // The validator that was pending is in the state by now: of two states it would be counted in none.
        server.setHead({validators: [...keys(0, 10), keyOf("a")], pending: []});
      }
      return undefined;
    });
    const {nextIndex, isRegistered} = await registry.read([keyOf("a")]);
    expect([nextIndex, isRegistered(keyOf("a")), moves]).toEqual([11, true, 2]);
  });

  it("whose head never stays is CONSENSUS_UNAVAILABLE", async () => {
    const {registry, server} = await start(keys(0, 10));
    server.speak("prysm");
    let count = 10;
    server.answerWith((path) => {
      if (path.endsWith("pending_deposits")) server.setHead({validators: keys(0, ++count), pending: []});
      return undefined;
    });
    await expect(registry.read([])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
  });

  it("that cuts its answers short is found out", async () => {
    const {registry, server} = await start(keys(0, 10));
    expect((await registry.read([])).nextIndex).toBe(10);
    server.setHead({validators: keys(0, 30), pending: []});
    server.cutTo(7);
    const failure = registry.read([]);
    await expect(failure.then(({nextIndex}) => nextIndex)).resolves.toBe(30);
  });

  it.each([404, 405, 501])("that answers %i is reported as too old for the route", async (status) => {
    const {registry, server} = await start(keys(0, 10));
    server.answerWith((path) => (path.endsWith("pending_deposits") ? {status, body: {message: "no such route"}} : undefined));
    await expect(registry.read([])).rejects.toThrow(/\d{3} to beacon\/states\/\w+\/pending_deposits, which .* Electra/);
  });

  const validator = (index: string, pubkey = keys(0, 1)[0]) => ({
    index,
    balance: "32000000000",
    status: "active_ongoing",
    validator: {
      pubkey,
      withdrawal_credentials: `0x01${"00".repeat(31)}`,
      effective_balance: "32000000000",
      activation_epoch: "0",
    },
  });
  const aHead = {data: {header: {message: {slot: "7", state_root: `0x${"12".repeat(32)}`}}}};
  const answers: {id: string; path: string; answer: TestAnswer}[] = [
    {id: "is syncing", path: "syncing", answer: {body: {data: {is_syncing: true}}}},
    {id: "has not verified its head", path: "syncing", answer: {body: {data: {is_syncing: false, is_optimistic: true}}}},
    {id: "has lost its execution node", path: "syncing", answer: {body: {data: {is_syncing: false, el_offline: true}}}},
    {id: "is an hour behind", path: "syncing", answer: {body: {data: {is_syncing: false, sync_distance: "300"}}}},
    {id: "has a head that is not verified", path: "head", answer: {body: {...aHead, execution_optimistic: true}}},
    {id: "has a state that is not verified", path: "pending_deposits", answer: {body: {execution_optimistic: true, data: []}}},
    {id: "has no such route", path: "pending_deposits", answer: {status: 404, body: {code: 404, message: "Not Found"}}},
    {id: "has such a route for others", path: "pending_deposits", answer: {status: 405, body: {code: 405, message: "no"}}},
    {id: "has nobody", path: "validators", answer: {body: {data: []}}},
    {id: "answers 500", path: "head", answer: {status: 500, body: {message: "no"}}},
    {id: "answers HTML", path: "pending_deposits", answer: {body: "<html>"}},
    {id: "answers HTML with 404", path: "validators", answer: {status: 404, body: "<html>"}},
    {
      id: "has a state root that is none",
      path: "head",
      answer: {body: {data: {header: {message: {slot: "7", state_root: "../../x"}}}}},
    },
    {id: "is before Electra", path: "pending_deposits", answer: {status: 400, body: {message: "not electra"}}},
    {id: "has deposits that are none", path: "pending_deposits", answer: {body: {data: [{pubkey: "0x00"}]}}},
    {id: "answers too much", path: "validators", answer: {body: {data: [validator("0")], more: "x".repeat(3_000_000)}}},
    {id: "answers for other validators", path: "validators", answer: {body: {data: [validator("123456789")]}}},
    {id: "leaves validators out", path: "validators", answer: {body: {data: [validator("1")]}}},
    {id: "says nothing", path: "head", answer: "hang"},
  ];
  it.each(answers)("that $id is not trusted: another one is asked for everything", async ({path, answer}) => {
    const [first, second] = [
      await startBeaconServer(network, {validators: keys(0, 7), pending: []}),
      await startBeaconServer(network),
    ];
    second.setHead({validators: keys(0, 3), pending: [aDeposit(network, "a")]});
    first.answerWith((asked) => (asked.endsWith(path) ? answer : undefined));
    const timeoutMs = answer === "hang" ? 1000 : patience.pollMs;
    const {registry, logged} = connect([first, second], {timeoutMs});
    const alone = connect([first], {timeoutMs}).registry.read([]);
    const [view, error] = await Promise.all([registry.read([]), alone.catch((it) => it)]);
    expect(view.nextIndex).toBe(4);
    expect(logged).toContainEqual(expect.objectContaining({endpoint: first.host, code: "CONSENSUS_UNAVAILABLE"}));
    expect(JSON.stringify(logged)).not.toContain(canary);
    expect(error).toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    expect(`${error.stack} ${error.message}`).not.toContain(canary);
  });

  it("of another network is refused, and another one is asked", async () => {
    const [wrong, right] = [
      await startBeaconServer(networks.gnosis),
      await startBeaconServer(network, {validators: keys(0, 3), pending: []}),
    ];
    await expect(connect([wrong]).registry.read([])).rejects.toMatchObject({code: "CONSENSUS_CHAIN_MISMATCH"});
    const {registry, logged} = connect([wrong, right]);
    expect((await registry.read([])).nextIndex).toBe(3);
    expect(logged[0]).toMatchObject({code: "CONSENSUS_CHAIN_MISMATCH"});
  });

  it("that works again is used again", async () => {
    const {registry, server} = await start(keys(0, 10));
    server.answerWith(() => ({status: 503, body: "later"}));
    await expect(registry.read([])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
    server.answerWith(() => undefined);
    expect((await registry.read([])).nextIndex).toBe(10);
  });
});
