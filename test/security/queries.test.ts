import {expect, it} from "vitest";
import {answer, answerSubject} from "../../schemas/answer.js";
import type {Question} from "../../schemas/query.js";
import {answerQueries} from "../../src/messaging/answerQueries.js";
import {askRelayer, queryIdOf} from "../../src/messaging/askRelayer.js";
import {encode} from "../../src/messaging/encode.js";
import {signMessage} from "../../src/messaging/signature.js";
import {ask, connectRaw} from "../support/attacker.js";
import {silent} from "../support/servers.js";
import {createStage, messagesIn, type Stage} from "../support/stage.js";

const question: Question = {kind: "exit", public_key: `0x${"ab".repeat(48)}`};
const subject = "dvt.v2.queries.hoodi.viewer-v-1";
const heard = {network: "hoodi", participant: "viewer-v-1"} as const;

/** Whoever has the relayer's login to the bus answers, signed by this participant, as if to this query. */
async function answerAs(stage: Stage, signer: string, queryOf: (data: Uint8Array) => Uint8Array): Promise<void> {
  const {identity} = await stage.busOf(signer);
  const {connection} = stage.relayer.bus;
  connection.subscribe("dvt.v2.queries.hoodi.*", {
    callback(_, message) {
      const {data} = encode(answer, {...heard, query: queryIdOf(queryOf(message.data)), reply: {kind: "exit"}});
      message.respond(data, {headers: signMessage(identity, answerSubject(heard), data)});
    },
  });
  await connection.flush();
}

it("refuses an answer that another participant signed", async () => {
  const stage = await createStage();
  await answerAs(stage, "operator-op-1", (data) => data);
  await expect(askRelayer(await stage.busOf("viewer-v-1"), question)).rejects.toMatchObject({code: "SIGNATURE_INVALID"});
});

it("refuses an old answer to the same question", async () => {
  const stage = await createStage();
  let first: Uint8Array | undefined;
  await answerAs(stage, "relayer", (data) => {
    first ??= data;
    return first;
  });
  const bus = await stage.busOf("viewer-v-1");
  expect(await askRelayer(bus, question)).toEqual({kind: "exit"});
  await expect(askRelayer(bus, question)).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
});

it("does not answer a query that another participant signed, nor one that is none, and goes on with the next", async () => {
  const stage = await createStage();
  const answering = answerQueries(stage.relayer.bus, {reply: async () => ({kind: "exit"}), logger: silent});
  await stage.relayer.bus.connection.flush();
  const raw = await connectRaw(stage.nats.url, stage.seedFile("viewer-v-1"), "_INBOX_viewer-v-1");
  expect(await ask(raw, subject, "{}")).toBe("refused");
  expect(await askRelayer(await stage.busOf("viewer-v-1"), question)).toEqual({kind: "exit"});
  await answering.stop();
});

it("lets a viewer ask, and do nothing else", async () => {
  const stage = await createStage();
  const raw = await connectRaw(stage.nats.url, stage.seedFile("viewer-v-1"), "_INBOX_viewer-v-1");
  for (const other of [
    "dvt.v2.queries.hoodi.admin",
    "dvt.v2.queries.hoodi.operator-op-1",
    "dvt.v2.requests.hoodi.op-1",
    "dvt.v2.exit_shares.hoodi.c1.1",
    "dvt.v2.presence.hoodi.viewer-v-1",
    "dvt.v2.dead_letters.REQUESTS.relayer",
    "$JS.API.STREAM.INFO.REQUESTS",
    "dvt.js.STREAM.MSG.GET.DEAD_LETTERS",
  ]) {
    expect(await ask(raw, other, "{}"), other).toBe("refused");
  }
  for (const stream of ["REQUESTS", "EXIT_SHARES", "PRESENCE", "DEAD_LETTERS"])
    expect(await messagesIn(stage.bus, stream)).toBe(0);
});

it("lets nobody but relayers hear questions", async () => {
  const stage = await createStage();
  const raw = await connectRaw(stage.nats.url, stage.seedFile("operator-op-2"), "_INBOX_operator-op-2");
  raw.subscribe("dvt.v2.queries.hoodi.*", {callback: (error, message) => void (!error && message.respond("{}"))});
  await raw.flush();
  await expect(askRelayer(await stage.busOf("viewer-v-1"), question)).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
});

it("answers others while somebody floods, whose own questions are dropped", async () => {
  const stage = await createStage();
  const asked: string[] = [];
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const answering = answerQueries(stage.relayer.bus, {
    async reply(participant) {
      asked.push(participant);
      if (participant === "operator-op-1") await held;
      return {kind: "exit"};
    },
    logger: silent,
  });
  await stage.relayer.bus.connection.flush();
  const [flooder, viewer] = [await stage.busOf("operator-op-1"), await stage.busOf("viewer-v-1")];
  const flood = Array.from({length: 200}, () => askRelayer(flooder, question, {waitMs: 60_000}).catch(() => undefined));
  await expect.poll(() => asked).toContain("operator-op-1");
  expect(await askRelayer(viewer, question)).toEqual({kind: "exit"});
  expect(asked.filter((it) => it === "operator-op-1")).toHaveLength(1);
  release();
  await answering.stop();
  await flooder.connection.close();
  await Promise.all(flood);
});

it("answers once, whichever of two relayers it is", async () => {
  const stage = await createStage();
  const replies: number[] = [];
  const start = async (relayer: number): Promise<{stop(): Promise<void>}> => {
    const bus = await stage.busOf("relayer");
    const answering = answerQueries(bus, {
      async reply() {
        replies.push(relayer);
        return {kind: "exit"};
      },
      logger: silent,
    });
    await bus.connection.flush();
    return answering;
  };
  const first = await start(1);
  await start(2);
  const viewer = await stage.busOf("viewer-v-1");
  for (let of = 0; of < 4; of++) await askRelayer(viewer, question);
  expect(replies).toHaveLength(4);
  await first.stop();
  await askRelayer(viewer, question);
  expect(replies.at(-1)).toBe(2);
});
