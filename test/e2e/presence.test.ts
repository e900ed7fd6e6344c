import {describe, expect, it} from "vitest";
import type {Presence} from "../../schemas/presence.js";
import {networks} from "../../src/consensus/networks.js";
import {createPresenceReader} from "../../src/presence/followPresence.js";
import {awayAfterMs, participantAt} from "../../src/presence/participantAt.js";
import {startBeaconServer} from "../support/beaconServer.js";
import {keyOf} from "../support/examples/deposits.js";
import {looksPrivate, recordPresences} from "../support/recordPresences.js";
import {silent} from "../support/servers.js";
import {createSystem, type System} from "../support/system.js";

/** The administrator's view. */
function readerOf({bus}: System) {
  const reader = createPresenceReader(bus, {network: "hoodi", logger: silent});
  const said = async (participant: string): Promise<Presence | undefined> => {
    await reader.read();
    return reader.of(participant)[0]?.presence;
  };
  const untilSaid = (participant: string, what: object) => expect.poll(() => said(participant)).toMatchObject(what);
  return {...reader, said, untilSaid};
}

const first = "sidecar-c1-1";

describe("every role", () => {
  it("is there as soon as it has started, and says so when it stops", async () => {
    const system = await createSystem({validators: 2});
    const {untilSaid} = readerOf(system);
    const relayer = await system.relayer();
    await Promise.all([system.aggregator(), system.sidecars(0, 1)]);
    const oracles = {config_hash: expect.stringMatching(/^0x/), since: expect.any(Number), source: "file"};
    await untilSaid("relayer", {role: "relayer", state: "runs", oracles, refused: [], waits: []});
    await untilSaid("aggregator", {role: "aggregator", state: "runs", oracles});
    for (const index of [1, 2]) {
      await untilSaid(`sidecar-c1-${index}`, {role: "sidecar", share_index: index, key_shares: 2, signed: {count: 0}});
    }
    await relayer.stop();
    await untilSaid("relayer", {state: "stops"});
  });
});

describe("a sidecar", () => {
  it("says that it waits for its beacon node, how many exits and since when, until the node is back", async () => {
    const system = await createSystem({validators: 3});
    const {said, untilSaid} = readerOf(system);
    const presences = recordPresences(system.bus);
    const beacon = await startBeaconServer(networks.hoodi, {validators: [keyOf("a validator")], pending: []});
    beacon.answerWith(() => ({status: 503, body: {}}));
    // Whoever asks again has all of them signed again, and counted.
    const relayer = system.relayer({REISSUE_AFTER: "1h"});
    await Promise.all([relayer, system.aggregator(), system.sidecar(0, {CONSENSUS_ENDPOINT: beacon.url})]);
    await untilSaid(first, {beacon: {state: "unavailable"}, waits: []});
    // The clock of the bus is this machine's, read over the bus.
    const before = Date.now() - 1000;
    const operator = system.startRequest({env: {RESEND_AFTER: "1h"}});
    await untilSaid(first, {waits: [{code: "CONSENSUS_UNAVAILABLE", since: expect.any(Number), exits: 3}], signed: {count: 0}});
    expect((await said(first))?.waits[0]?.since).toBeGreaterThan(before);
    beacon.answerWith(() => undefined);
    await untilSaid(first, {waits: [], signed: {count: 3, last_at: expect.any(Number)}});
    await operator.stop();
    expect(presences.length).toBeGreaterThan(3);
    expect(presences.filter(looksPrivate)).toEqual([]);
  });

  it("that was killed is away since it was seen last, and is here again as another process", async () => {
    const system = await createSystem({validators: 1});
    const reader = readerOf(system);
    const sidecar = await system.sidecar(0);
    await reader.untilSaid(first, {state: "runs"});
    sidecar.process.kill("SIGKILL");
    await sidecar.ended;
    await reader.read();
    const [seen] = reader.of(first);
    const nowMs = (seen?.lastSeenMs ?? 0) + awayAfterMs;
    expect(participantAt(reader.of(first), nowMs)).toMatchObject({state: "away", lastSeenMs: seen?.lastSeenMs});
    await system.sidecar(0);
    await expect.poll(() => reader.read().then(() => reader.of(first))).toHaveLength(2);
    expect(participantAt(reader.of(first), Date.now())).toMatchObject({state: "here"});
  });
});
