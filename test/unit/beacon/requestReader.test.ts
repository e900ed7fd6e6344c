import {describe, expect, it} from "vitest";
import {connectBeacon} from "../../../src/beacon/connectBeacon.js";
import {createRequestReader} from "../../../src/beacon/requestReader.js";
import {networks} from "../../../src/consensus/networks.js";
import {type BeaconServer, startBeaconServer, type TestAnswer} from "../../support/beaconServer.js";
import {aLogger} from "../../support/logger.js";

const network = networks.gnosis;
const keys = ["aa", "bb", "cc", "dd"].map((byte) => `0x${byte.repeat(48)}`);
const [zero, one, two, three] = keys as [string, string, string, string];
const head = {validators: keys, pending: []};

const connect = (...servers: BeaconServer[]) =>
  createRequestReader(
    connectBeacon(servers.map(({url}) => url).join(), {network, signal: new AbortController().signal, logger: aLogger().logger}),
    network,
  );

describe("what is asked of validators", () => {
  it("is decided by their age in epochs, and by what waits to be withdrawn from each", async () => {
    const server = await startBeaconServer(network, {
      ...head,
      epoch: 500,
      activations: {[one]: 245, [two]: 501},
      balances: {[one]: 40_900_000_000},
      partials: [
        {publicKey: one, amount: 3e9},
        {publicKey: zero, amount: 5e9},
        {publicKey: one, amount: 4e9},
      ],
    });
    expect(await connect(server).findWithdrawn([one, two])).toEqual([
      expect.objectContaining({publicKey: one, activeEpochs: 255, leaving: 7e9, balance: 40.9e9, effectiveBalance: 40e9}),
      expect.objectContaining({publicKey: two, activeEpochs: -1, leaving: 0}),
    ]);
    expect(server.count("pending_consolidations")).toBe(0);
  });

  it("is decided by what waits to be consolidated into each, too", async () => {
    const server = await startBeaconServer(network, {
      ...head,
      balances: {[two]: 50_500_000_000},
      consolidations: [
        {source: two, target: one},
        {source: three, target: one},
        {source: three, target: two},
      ],
    });
    expect(await connect(server).findConsolidated([zero, one])).toEqual({
      validators: [
        expect.objectContaining({publicKey: zero, coming: 0}),
        expect.objectContaining({publicKey: one, coming: 82e9}),
      ],
      isQueueFull: false,
    });
  });

  it("is not taken if the queue of consolidations is full", async () => {
    const server = await startBeaconServer(network, head);
    const data = Array<object>(2 ** 18).fill({source_index: "0", target_index: "1"});
    server.answerWith((path) => (path.endsWith("pending_consolidations") ? {body: {data}} : undefined));
    expect(await connect(server).findConsolidated([two])).toMatchObject({isQueueFull: true});
  });

  const answers: {id: string; path: string; answer: TestAnswer}[] = [
    {id: "has no such route", path: "pending_partial_withdrawals", answer: {status: 404, body: {code: 404, message: "no"}}},
    {id: "has such a route for others", path: "pending_consolidations", answer: {status: 405, body: {code: 405, message: "no"}}},
    {id: "is before Electra", path: "pending_consolidations", answer: {status: 400, body: {message: "not electra"}}},
    {
      id: "has a state that is not verified",
      path: "pending_partial_withdrawals",
      answer: {body: {execution_optimistic: true, data: []}},
    },
    {
      id: "has amounts that are none",
      path: "pending_partial_withdrawals",
      answer: {body: {data: [{validator_index: "1", amount: "-1"}]}},
    },
    {
      id: "has indexes that are none",
      path: "pending_consolidations",
      answer: {body: {data: [{source_index: "x", target_index: "1"}]}},
    },
  ];
  it.each(answers)("is not what a node says that $id: another one is asked for everything", async ({path, answer}) => {
    const [first, second] = [
      await startBeaconServer(network, {...head, epoch: 1}),
      await startBeaconServer(network, {...head, epoch: 300}),
    ];
    first.answerWith((asked) => (asked.endsWith(path) ? answer : undefined));
    expect((await connect(first, second).findConsolidated([one])).validators).toMatchObject([{activeEpochs: 300}]);
    await expect(connect(first).findConsolidated([one])).rejects.toMatchObject({code: "CONSENSUS_UNAVAILABLE"});
  });

  it("names the route that a node lacks", async () => {
    const server = await startBeaconServer(network, head);
    server.answerWith((path) => (path.endsWith("withdrawals") ? {status: 405, body: {message: "no"}} : undefined));
    await expect(connect(server).findWithdrawn([one])).rejects.toThrow(/405 to .*pending_partial_withdrawals, which .* Electra/);
  });
});
