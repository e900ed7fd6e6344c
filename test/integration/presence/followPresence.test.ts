import {describe, expect, it} from "vitest";
import {presence} from "../../../schemas/presence.js";
import {publish} from "../../../src/messaging/publish.js";
import {signMessage} from "../../../src/messaging/signature.js";
import {createPresenceReader, type PresenceReader} from "../../../src/presence/followPresence.js";
import {awayAfterMs, participantAt} from "../../../src/presence/participantAt.js";
import {aPresence} from "../../support/examples/messages.js";
import {aLogger} from "../../support/logger.js";
import {silent} from "../../support/servers.js";
import {createStage, type Stage} from "../../support/stage.js";
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
    await publish(bus, presence, aPresence({...ofFirst}));
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
      await publish(bus, presence, aPresence({...ofFirst, instance}));
      await reader.read();
    }
    expect(reader.of("sidecar-c1-1").map((it) => it.presence.instance)).toEqual(["00000002", "00000001"]);
  });
});

describe("the reader", () => {
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
    const good = aPresence(ofFirst);
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
