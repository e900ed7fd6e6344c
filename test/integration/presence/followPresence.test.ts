import {describe, expect, it, onTestFinished} from "vitest";
import {type Presence, presence} from "../../../schemas/presence.js";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {publish} from "../../../src/messaging/publish.js";
import {signMessage} from "../../../src/messaging/signature.js";
import {createPresenceReader, type PresenceReader} from "../../../src/presence/followPresence.js";
import {awayAfterMs, participantAt} from "../../../src/presence/participantAt.js";
import {aPresence} from "../../support/examples/messages.js";
import {aLogger} from "../../support/logger.js";
import {silent} from "../../support/servers.js";
import {applyStreams, createStage, type Stage, startStageNats} from "../../support/stage.js";
import {startTestPresence} from "../../support/startTestPresence.js";

const readerOf = async (stage: Stage, as = "relayer"): Promise<PresenceReader> =>
  createPresenceReader(as === "admin" ? stage.bus : await stage.busOf(as), {network: "hoodi", logger: silent});

/** Reads until this holds of what is said as share index 1. */
const untilSaid = (reader: PresenceReader, said: object) =>
  expect
    .poll(async () => {
      await reader.read();
      return reader.of("sidecar-c1-1").map((it) => it.presence);
    })
    .toEqual([expect.objectContaining(said)]);

const ofFirst = {participant: "sidecar-c1-1", cluster_id: "c1", share_index: 1} as const;
const aWord = (change: Partial<Presence> = {}): Presence => aPresence({...ofFirst, said_at: Date.now(), ...change});

describe("a presence", () => {
  it.each(["relayer", "admin"])("is read by the %s", async (as) => {
    const stage = await createStage();
    startTestPresence(await stage.busOf("sidecar-c1-1"));
    const reader = await readerOf(stage, as);
    await untilSaid(reader, {...ofFirst, role: "sidecar", state: "runs", signed: {count: 0}, waits: []});
    expect(participantAt(reader.of("sidecar-c1-1"), Date.now())).toMatchObject({state: "here", presence: ofFirst});
  });

  it("says what waits and what was signed, until it says that it stops", async () => {
    const stage = await createStage();
    const {presence: own, shutdown} = startTestPresence(await stage.busOf("sidecar-c1-1"));
    const reader = await readerOf(stage);
    own.entryWatch.retried("exit 1", "CONSENSUS_UNAVAILABLE");
    await untilSaid(reader, {waits: [{code: "CONSENSUS_UNAVAILABLE", since: expect.any(Number), exits: 1}]});
    own.entryWatch.handled("exit 1");
    own.tally.signed(1);
    await untilSaid(reader, {waits: [], signed: {count: 1, last_at: expect.any(Number)}});
    await shutdown.stop();
    await untilSaid(reader, {state: "stops"});
    expect(participantAt(reader.of("sidecar-c1-1"), Date.now())).toMatchObject({state: "away"});
  });

  it("is found by a reader that starts later, as that of one who is away", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    await publish(bus, presence, aWord());
    const reader = await readerOf(stage);
    await reader.read();
    const [seen] = reader.of("sidecar-c1-1");
    const later = Date.now() + awayAfterMs;
    expect(participantAt(reader.of("sidecar-c1-1"), later)).toMatchObject({state: "away", lastSeenMs: seen?.lastSeenMs});
  });

  it("of each process that runs as one participant is known by itself", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    const reader = await readerOf(stage);
    for (const instance of ["00000001", "00000002"]) {
      await publish(bus, presence, aWord({instance}));
      await reader.read();
    }
    expect(reader.of("sidecar-c1-1").map((it) => it.presence.instance)).toEqual(["00000002", "00000001"]);
  });
});

describe("publishing a presence", () => {
  it("is refused by the server beyond 8 KiB", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    await expect(bus.js.publish(presence.subject(aWord()), new Uint8Array(8 * 1024 + 1))).rejects.toThrow(/exceeds maximum/);
  });

  it("is logged once while it fails, and done as soon as it can be", async () => {
    const stage = await createStage();
    await deleteStreams(stage.bus);
    const {logger, logged} = aLogger();
    const bus = await stage.busOf("sidecar-c1-1");
    const {presence: own} = startTestPresence(bus, {logger});
    await expect.poll(() => logged).toMatchObject([{msg: "the stream PRESENCE is unavailable"}]);
    await applyStreams(stage.bus, stage.participants, 30_000);
    own.tally.signed(1);
    await untilSaid(await readerOf(stage), {signed: {count: 1, last_at: expect.any(Number)}});
    await expect.poll(() => logged.map(({msg}) => msg)).toHaveLength(2);
  });

  it("keeps no process from ending while the server says nothing", async () => {
    const nats = await startStageNats();
    const stage = await createStage({nats});
    const {shutdown} = startTestPresence(await stage.busOf("sidecar-c1-1"));
    await untilSaid(await readerOf(stage), {state: "runs"});
    process.kill(nats.pid(), "SIGSTOP");
    onTestFinished(() => void process.kill(nats.pid(), "SIGCONT"));
    await shutdown.stop();
  });
});

describe("the reader", () => {
  it("knows of one that is played again when it was said", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    const saidAt = Date.now() - awayAfterMs;
    await publish(bus, presence, aWord({said_at: saidAt}));
    const reader = await readerOf(stage);
    await reader.read();
    expect(reader.of("sidecar-c1-1")).toMatchObject([{lastSeenMs: saidAt}]);
    await publish(bus, presence, aWord({said_at: saidAt - 1, state: "stops"}));
    await reader.read();
    expect(reader.of("sidecar-c1-1")).toMatchObject([{lastSeenMs: saidAt, presence: {state: "runs"}}]);
  });

  it("believes nobody who says to have spoken later than the bus heard it", async () => {
    const stage = await createStage();
    const sooner = Date.now();
    await publish(await stage.busOf("sidecar-c1-1"), presence, aWord({said_at: 2 * sooner}));
    const reader = await readerOf(stage);
    await reader.read();
    expect(reader.of("sidecar-c1-1")[0]?.lastSeenMs).toBeLessThanOrEqual(Date.now());
  });

  it("reads each participant once in a turn, so that nobody who speaks all the time keeps it busy", async () => {
    const stage = await createStage();
    const [talker, quiet] = [await stage.busOf("sidecar-c1-1"), await stage.busOf("sidecar-c1-2")];
    const second = {participant: "sidecar-c1-2", share_index: 2} as const;
    await publish(talker, presence, aWord({key_shares: 0}));
    await publish(quiet, presence, aWord(second));
    let spoken = 0;
    // Whatever it asks for, the talker has spoken once more when it asks.
    const bus = await stage.busOf("relayer");
    const js = {
      jetstreamManager: async (check?: boolean) => {
        await publish(talker, presence, aWord({key_shares: ++spoken}));
        return bus.js.jetstreamManager(check);
      },
    };
    const reader = createPresenceReader(
      {...bus, js: Object.assign(Object.create(bus.js), js)},
      {network: "hoodi", logger: silent},
    );
    await reader.read();
    expect([...reader.all().keys()].sort()).toEqual(["sidecar-c1-1", "sidecar-c1-2"]);
    expect(spoken).toBeLessThanOrEqual(3);
  });

  it("finds what is said on a stream that was made anew, and counts from 1 again", async () => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    let now = 0;
    const reader = createPresenceReader(stage.relayer.bus, {network: "hoodi", logger: silent, now: () => now});
    for (const key_shares of [1, 2, 3]) await publish(bus, presence, aWord({key_shares}));
    await reader.read();
    await deleteStreams(stage.bus);
    await applyStreams(stage.bus, stage.participants, 30_000);
    await publish(bus, presence, aWord({key_shares: 4}));
    now = 60_000;
    await reader.read();
    expect(reader.of("sidecar-c1-1")).toMatchObject([{presence: {key_shares: 3}}]);
    now = 60_001;
    await reader.read();
    expect(reader.of("sidecar-c1-1")).toMatchObject([{presence: {key_shares: 4}}]);
  });

  it.each([
    {id: "unsigned", change: {}, sign: false, code: "SIGNATURE_INVALID"},
    {id: "of another participant", change: {participant: "relayer"}, sign: true, code: "SUBJECT_MISMATCH"},
    {id: "of another share index", change: {share_index: 2}, sign: true, code: "SUBJECT_MISMATCH"},
    {id: "of another role", change: {role: "relayer"}, sign: true, code: "SUBJECT_MISMATCH"},
    {id: "with a field more", change: {path: "/keys"}, sign: true, code: "MESSAGE_MALFORMED"},
    {id: "longer than one may be", change: {version: "1".repeat(7 * 1024)}, sign: true, code: "MESSAGE_MALFORMED"},
  ])("ignores one that is $id, logs that once, and reads the next", async ({change, sign, code}) => {
    const stage = await createStage();
    const bus = await stage.busOf("sidecar-c1-1");
    const {logger, logged} = aLogger();
    const reader = createPresenceReader(stage.relayer.bus, {network: "hoodi", logger});
    const good = aWord();
    const subject = presence.subject(good);
    const data = Buffer.from(JSON.stringify({...good, ...change}));
    for (const _ of ["once", "and again"]) {
      await bus.js.publish(subject, data, sign ? {headers: signMessage(bus.identity, subject, data)} : {});
      await reader.read();
    }
    expect(reader.all().size).toBe(0);
    expect(logged).toEqual([expect.objectContaining({subject, code})]);
    await publish(bus, presence, good);
    await reader.read();
    expect(reader.of("sidecar-c1-1").map((it) => it.presence)).toEqual([good]);
  });
});
