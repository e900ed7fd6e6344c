import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {connect, headers, nkeyAuthenticator} from "nats";
import {describe, expect, it} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {exitShare} from "../../schemas/exitShare.js";
import {inviteeOf} from "../../src/messaging/accounts.js";
import {createSeed} from "../../src/messaging/identity.js";
import {publish} from "../../src/messaging/publish.js";
import {ask, connectRaw, overhear} from "../support/attacker.js";
import {startTestNats, temporaryFolder} from "../support/servers.js";
import {signBatch} from "../support/signBatch.js";
import {aShare, createStage, type Dealt, loadCast, messagesIn, type Stage} from "../support/stage.js";

const inbox = "_INBOX_sidecar-c1-4";
/** A hostile sidecar of share index 4. */
const attack = async (stage: Stage) => connectRaw(stage.nats.url, stage.seedFile("sidecar-c1-4"), inbox);
const countOn = async (stage: Stage, stream: string, subject: string): Promise<number> => {
  const jsm = await stage.bus.connection.jetstreamManager();
  return (await jsm.streams.info(stream, {subjects_filter: subject})).state.subjects?.[subject] ?? 0;
};

describe("whoever is nobody", () => {
  it("does not get in, without an nkey or with one that nobody knows", async () => {
    const stage = await createStage();
    await expect(connect({servers: stage.nats.url, reconnect: false})).rejects.toThrow();
    const authenticator = nkeyAuthenticator(new TextEncoder().encode(createSeed().seed));
    await expect(connect({servers: stage.nats.url, authenticator, reconnect: false})).rejects.toThrow();
  });
});

describe("a hostile sidecar", () => {
  it.each([
    {id: "another sidecar's shares", subject: "dvt.v2.exit_shares.hoodi.c1.1", stream: "EXIT_SHARES"},
    {id: "another sidecar's refusals", subject: "dvt.v2.exit_refusals.hoodi.c1.1", stream: "EXIT_SHARES"},
    {id: "another cluster's shares under its own index", subject: "dvt.v2.exit_shares.hoodi.c2.4", stream: "EXIT_SHARES"},
    {id: "another network's shares", subject: "dvt.v2.exit_shares.mainnet.c1.4", stream: "EXIT_SHARES"},
    {id: "an exit request", subject: `dvt.v2.exit_requests.hoodi.c1.0x${"ab".repeat(48)}.1`, stream: "EXIT_REQUESTS"},
    {id: "a batch", subject: "dvt.v2.requests.hoodi.op-1", stream: "REQUESTS"},
    {id: "an operator's receipts", subject: "dvt.v2.receipts.hoodi.op-1", stream: "REQUESTS"},
    {id: "a completion", subject: `dvt.v2.completions.hoodi.op-1.0x${"ab".repeat(48)}.1`, stream: "COMPLETIONS"},
    {id: "another's dead letter", subject: "dvt.v2.dead_letters.EXIT_SHARES.aggregator", stream: "DEAD_LETTERS"},
    {id: "another sidecar's presence", subject: "dvt.v2.presence.hoodi.sidecar-c1-1", stream: "PRESENCE"},
    {id: "the relayer's presence", subject: "dvt.v2.presence.hoodi.relayer", stream: "PRESENCE"},
    {id: "who takes part", subject: "dvt.v2.participants.hoodi", stream: "PARTICIPANTS"},
    {id: "an enrolment", subject: `dvt.v2.enrolments.hoodi.${"0a".repeat(16)}`, stream: "ENROLMENTS"},
    {id: "its own presence of another network", subject: "dvt.v2.presence.mainnet.sidecar-c1-4", stream: "PRESENCE"},
  ])("cannot publish $id", async ({subject, stream}) => {
    const stage = await createStage();
    expect(await ask(await attack(stage), subject, "{}")).toBe("refused");
    expect(await messagesIn(stage.bus, stream)).toBe(0);
  });

  it("cannot read another's requests, shares or completions, whatever name it asks under", async () => {
    const stage = await createStage();
    const share = aShare(stage);
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, share);
    const connection = await attack(stage);
    const heard = overhear(connection, "dvt.v2.>", "$JS.>", "dvt.js.>", "_INBOX_sidecar-c1-1.>", "_INBOX_aggregator.>", ">");
    for (const prefix of ["$JS.API", "dvt.js"]) {
      for (const [stream, durable] of [
        ["EXIT_REQUESTS", "sidecar-c1-1"],
        ["EXIT_REQUESTS", "sidecar-c2-4"],
        ["EXIT_SHARES", "aggregator-hoodi-c1-1"],
        ["COMPLETIONS", "operator-op-1"],
        ["REQUESTS", "relayer-hoodi-op-1"],
      ]) {
        expect(await ask(connection, `${prefix}.CONSUMER.MSG.NEXT.${stream}.${durable}`, {batch: 1, no_wait: true})).toBe(
          "refused",
        );
        expect(await ask(connection, `${prefix}.CONSUMER.INFO.${stream}.${durable}`)).toBe("refused");
      }
      for (const stream of ["EXIT_SHARES", "COMPLETIONS", "DEAD_LETTERS", "PRESENCE", "ENROLMENTS"]) {
        expect(await ask(connection, `${prefix}.STREAM.MSG.GET.${stream}`, {seq: 1})).toBe("refused");
        expect(await ask(connection, `${prefix}.DIRECT.GET.${stream}`, {seq: 1})).toBe("refused");
      }
    }
    await publish(await stage.busOf("sidecar-c1-2"), exitShare, aShare(stage, {shareIndex: 2}));
    await connection.flush();
    expect(heard).toEqual([]);
    // It was let ask all the same: for what is its own.
    expect(await ask(connection, "dvt.js.CONSUMER.INFO.EXIT_REQUESTS.sidecar-c1-4")).toBe("answered");
  });

  it("cannot list, purge, delete or make streams and consumers", async () => {
    const stage = await createStage();
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    const connection = await attack(stage);
    for (const prefix of ["$JS.API", "dvt.js"]) {
      for (const call of [
        "INFO",
        "STREAM.NAMES",
        "STREAM.LIST",
        "STREAM.INFO.EXIT_SHARES",
        "STREAM.PURGE.EXIT_SHARES",
        "STREAM.DELETE.EXIT_SHARES",
        "STREAM.MSG.DELETE.EXIT_SHARES",
        "STREAM.UPDATE.EXIT_SHARES",
        "STREAM.CREATE.EVIL",
        "CONSUMER.LIST.EXIT_SHARES",
        "CONSUMER.CREATE.EXIT_SHARES.evil",
        "CONSUMER.DURABLE.CREATE.EXIT_SHARES.evil",
        "CONSUMER.DELETE.EXIT_SHARES.aggregator-hoodi-c1-1",
        "CONSUMER.PAUSE.EXIT_SHARES.aggregator-hoodi-c1-1",
      ]) {
        expect(await ask(connection, `${prefix}.${call}`, {seq: 1, name: "EVIL", stream_name: "EXIT_SHARES"}), call).toBe(
          "refused",
        );
      }
    }
    expect(await ask(connection, "dvt.js.CONSUMER.INFO.EXIT_REQUESTS.sidecar-c1-4")).toBe("answered");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
  });

  it("cannot make the server write to another's subject by naming it as the reply of its own publish", async () => {
    const stage = await createStage();
    const connection = await attack(stage);
    const victim = "dvt.v2.exit_shares.hoodi.c1.1";
    const own = aShare(stage, {shareIndex: 4});
    connection.publish(exitShare.subject(own), JSON.stringify(own), {reply: victim});
    await connection.flush().catch(() => {});
    await stage.bus.connection.flush();
    expect(await countOn(stage, "EXIT_SHARES", victim)).toBe(0);
  });

  it("cannot do so by asking for its next message there", async () => {
    const stage = await createStage();
    const connection = await attack(stage);
    const victim = "dvt.v2.exit_shares.hoodi.c1.1";
    connection.publish("dvt.js.CONSUMER.MSG.NEXT.EXIT_REQUESTS.sidecar-c1-4", JSON.stringify({batch: 1, no_wait: true}), {
      reply: victim,
    });
    await connection.flush().catch(() => {});
    await stage.bus.connection.flush();
    expect(await countOn(stage, "EXIT_SHARES", victim)).toBe(0);
  });

  it("cannot do so by acknowledging there", async () => {
    const stage = await createStage();
    const connection = await attack(stage);
    const victim = "dvt.v2.exit_shares.hoodi.c1.1";
    connection.publish(`$JS.ACK.EXIT_REQUESTS.sidecar-c1-4.1.1.1.${Date.now()}000000.0`, "+NXT", {reply: victim});
    await connection.flush().catch(() => {});
    await stage.bus.connection.flush();
    expect(await countOn(stage, "EXIT_SHARES", victim)).toBe(0);
  });

  it("cannot acknowledge another's message away", async () => {
    const stage = await createStage();
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    const consumer = await stage.aggregator.bus.js.consumers.get("EXIT_SHARES", "aggregator-hoodi-c1-1");
    const delivered = await consumer.next({expires: 2000});
    const ackSubject = (delivered as never as {reply?: string; msg?: {reply: string}}).msg?.reply ?? "";
    expect(ackSubject).toContain("$JS.ACK.EXIT_SHARES.aggregator-hoodi-c1-1");
    expect(await ask(await attack(stage), ackSubject, "+ACK")).toBe("refused");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
  });

  it("cannot make an honest message vanish by guessing its id", async () => {
    const stage = await createStage();
    const connection = await attack(stage);
    const share = aShare(stage, {shareIndex: 4});
    const {publicKeyHex} = stage.dealt[0] as Dealt;
    for (const id of [
      "1",
      `hoodi:${publicKeyHex}:1000`,
      `hoodi:${publicKeyHex}:1000:1`,
      exitShare.subject({...share, share_index: 1}),
    ]) {
      const guessed = headers();
      guessed.set("Nats-Msg-Id", id);
      await connection.request(exitShare.subject(share), "{}", {timeout: 1000, headers: guessed});
    }
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    expect(await countOn(stage, "EXIT_SHARES", "dvt.v2.exit_shares.hoodi.c1.1")).toBe(1);
  });

  it.each([{megabytes: 1}, {megabytes: 10}])(
    "cannot leave $megabytes MB behind, nor disturb others by trying",
    async ({megabytes}) => {
      const stage = await createStage();
      const honest = await stage.busOf("sidecar-c1-1");
      const connection = await attack(stage);
      const subject = "dvt.v2.exit_shares.hoodi.c1.4";
      await connection.request(subject, "x".repeat(megabytes * 1_000_000), {timeout: 2000}).then(
        (answer) => expect(answer.string()).toContain("error"),
        () => {},
      );
      expect(await countOn(stage, "EXIT_SHARES", subject)).toBe(0);
      await publish(honest, exitShare, aShare(stage));
      expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
    },
  );
});

describe("a hostile operator", () => {
  const attackAsOperator = async (stage: Stage) =>
    connectRaw(stage.nats.url, stage.seedFile("operator-op-2"), "_INBOX_operator-op-2");

  it("cannot ask in another's name, nor read another's completions", async () => {
    const stage = await createStage();
    const connection = await attackAsOperator(stage);
    expect(await ask(connection, "dvt.v2.requests.hoodi.op-1", "{}")).toBe("refused");
    expect(await ask(connection, "dvt.js.CONSUMER.MSG.NEXT.COMPLETIONS.operator-op-1", {batch: 1, no_wait: true})).toBe(
      "refused",
    );
    expect(await messagesIn(stage.bus, "REQUESTS")).toBe(0);
  });

  it("cannot say what another has received, nor on another network, but what it has received itself", async () => {
    const stage = await createStage();
    const connection = await attackAsOperator(stage);
    for (const other of ["hoodi.op-1", "mainnet.op-2"])
      expect(await ask(connection, `dvt.v2.receipts.${other}`, "{}"), other).toBe("refused");
    expect(await messagesIn(stage.bus, "REQUESTS")).toBe(0);
    expect(await ask(connection, "dvt.v2.receipts.hoodi.op-2", "{}")).toBe("answered");
    expect(await messagesIn(stage.bus, "REQUESTS")).toBe(1);
  });
});

describe("a hostile relayer", () => {
  it("cannot plant shares or batches, nor read shares; of the streams it reads presences and dead letters alone", async () => {
    const stage = await createStage();
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    const connection = await connectRaw(stage.nats.url, stage.seedFile("relayer"), "_INBOX_relayer");
    expect(await ask(connection, "dvt.v2.exit_shares.hoodi.c1.2", "{}")).toBe("refused");
    expect(await ask(connection, "dvt.v2.requests.hoodi.op-1", "{}")).toBe("refused");
    expect(await ask(connection, "dvt.js.CONSUMER.MSG.NEXT.EXIT_SHARES.aggregator-hoodi-c1-1", {batch: 1, no_wait: true})).toBe(
      "refused",
    );
    const read = async (stream: string) => ask(connection, `dvt.js.STREAM.MSG.GET.${stream}`, {seq: 1});
    for (const stream of ["REQUESTS", "EXIT_SHARES", "COMPLETIONS"]) expect(await read(stream)).toBe("refused");
    expect(await read("PRESENCE")).toBe("answered");
    for (const call of ["PURGE", "DELETE", "MSG.DELETE", "UPDATE"])
      expect(await ask(connection, `dvt.js.STREAM.${call}.PRESENCE`, {seq: 1}), call).toBe("refused");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
  });
});

it("an honest participant is let do its own work by the same accounts", async () => {
  const stage = await createStage();
  const {publicKeyHex} = stage.dealt[0] as Dealt;
  const validators = [{public_key: publicKeyHex, validator_index: 1}];
  const operator = await stage.busOf("operator-op-1");
  const batch = {batch_id: "b", network: "hoodi", operator_id: "op-1", requested_at: 1, validators} as const;
  await publish(operator, exitBatch, await signBatch(stage, {...batch, validators}));
  const consumer = await stage.relayer.bus.js.consumers.get("REQUESTS", "relayer-hoodi-op-1");
  expect((await consumer.next({expires: 2000}))?.subject).toBe("dvt.v2.requests.hoodi.op-1");
});

describe("a hostile monitor", () => {
  const attackAsMonitor = async (stage: Stage) => connectRaw(stage.nats.url, stage.seedFile("monitor"));

  it("reads how servers, streams and consumers are", async () => {
    const connection = await attackAsMonitor(await createStage());
    const names = [
      "STREAM.LIST",
      "STREAM.INFO.EXIT_SHARES",
      "CONSUMER.LIST.EXIT_SHARES",
      "CONSUMER.INFO.EXIT_REQUESTS.sidecar-c1-1",
    ];
    for (const subject of ["$SYS.REQ.SERVER.PING.JSZ", ...names.map((name) => `dvt.js.${name}`)]) {
      expect(await ask(connection, subject), subject).toBe("answered");
    }
  });

  it.each([
    {id: "read a message", subject: "dvt.js.STREAM.MSG.GET.EXIT_SHARES", payload: {seq: 1}},
    {id: "read messages of a consumer", subject: "dvt.js.CONSUMER.MSG.NEXT.EXIT_SHARES.aggregator-hoodi-c1-1"},
    {id: "purge a stream", subject: "dvt.js.STREAM.PURGE.EXIT_SHARES"},
    {id: "delete a stream", subject: "dvt.js.STREAM.DELETE.EXIT_SHARES"},
    {id: "delete a consumer", subject: "dvt.js.CONSUMER.DELETE.EXIT_REQUESTS.sidecar-c1-1"},
    {id: "change a stream under the usual prefix", subject: "$JS.API.STREAM.PURGE.EXIT_SHARES"},
    {id: "publish a batch", subject: "dvt.v2.requests.hoodi.op-1"},
    {id: "ask the relayer", subject: "dvt.v2.queries.hoodi.admin"},
    {id: "reload a server", subject: "$SYS.REQ.SERVER.{id}.RELOAD"},
    {id: "disconnect somebody", subject: "$SYS.REQ.SERVER.{id}.KICK", payload: {cid: 1}},
    {id: "take a profile of a server's memory", subject: "$SYS.REQ.SERVER.{id}.PROFILEZ", payload: {name: "heap"}},
  ])("cannot $id", async ({subject, payload = {}}) => {
    const stage = await createStage();
    const share = aShare(stage);
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, share);
    const connection = await attackAsMonitor(stage);
    expect(await ask(connection, subject.replace("{id}", connection.info?.server_id ?? ""), payload)).toBe("refused");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
  });

  it("hears nothing of what others say", async () => {
    const stage = await createStage();
    const connection = await attackAsMonitor(stage);
    const heard = overhear(connection, ">", "$SYS.>", "dvt.>", "$JS.>");
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    await ask(connection, "dvt.js.STREAM.LIST");
    expect(heard).toEqual([]);
  });
});

/** A new nkey, and the file that holds its seed. */
async function aSeedFile(): Promise<{nkey: string; path: string}> {
  const {seed, nkey} = createSeed();
  const path = join(await temporaryFolder(), "seed");
  await writeFile(path, seed, {mode: 0o600});
  return {nkey, path};
}

describe("a server administrator", () => {
  const connectAsServerAdmin = async () => {
    const {nkey, path} = await aSeedFile();
    const stage = await createStage({nats: await startTestNats({...(await loadCast()), serverAdmin: {nkey}})});
    const connection = await connectRaw(stage.nats.url, path, "_INBOX_server-admin");
    return {stage, connection, serverId: connection.info?.server_id ?? ""};
  };

  it("can have the servers read their configuration again, and nothing else", async () => {
    const {stage, connection, serverId} = await connectAsServerAdmin();
    expect(await ask(connection, "$SYS.REQ.SERVER.PING")).toBe("answered");
    expect(await ask(connection, `$SYS.REQ.SERVER.${serverId}.RELOAD`)).toBe("answered");
    for (const call of ["KICK", "LDM", "PROFILEZ", "CONNZ", "VARZ", "ACCOUNTZ"])
      expect(await ask(connection, `$SYS.REQ.SERVER.${serverId}.${call}`, {cid: 1}), call).toBe("refused");
    for (const subject of [
      "$SYS.REQ.SERVER.PING.CONNZ",
      "$SYS.REQ.ACCOUNT.PING.CONNZ",
      "$JS.API.STREAM.NAMES",
      "dvt.js.STREAM.NAMES",
    ])
      expect(await ask(connection, subject), subject).toBe("refused");
    const heard = overhear(connection, ">", "$SYS.>", "dvt.>");
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    await connection.flush();
    expect(heard).toEqual([]);
  });
});

describe("whoever has an open invitation", () => {
  const id = "0a".repeat(16);
  const subject = `dvt.v2.enrolments.hoodi.${id}`;
  const connectAsInvitee = async () => {
    const {nkey, path} = await aSeedFile();
    const stage = await createStage({nats: await startTestNats(await loadCast(), [{id, nkey}])});
    const open = () => connectRaw(stage.nats.url, path, `_INBOX_${inviteeOf(id)}`);
    return {stage, open, connection: await open()};
  };

  it("can enrol once, and not again", async () => {
    const {stage, connection} = await connectAsInvitee();
    await connection.request(subject, "first", {timeout: 2000});
    const second = await connection.request(subject, "second", {timeout: 2000});
    expect(second.json()).toMatchObject({error: {err_code: 10_077}});
    expect(await messagesIn(stage.bus, "ENROLMENTS")).toBe(1);
  });

  it("can do nothing else: not enrol for another, not read who takes part, not hear anything", async () => {
    const {stage, connection} = await connectAsInvitee();
    const others = [`dvt.v2.enrolments.hoodi.${"0b".repeat(16)}`, `dvt.v2.enrolments.mainnet.${id}`];
    const writing = ["dvt.v2.participants.hoodi", "dvt.v2.requests.hoodi.op-1", "dvt.v2.presence.hoodi.relayer"];
    const asking = ["dvt.v2.queries.hoodi.admin", "$SYS.REQ.SERVER.PING"];
    const reading = ["$JS.API", "dvt.js"].flatMap((prefix) =>
      ["STREAM.MSG.GET.PARTICIPANTS", "STREAM.MSG.GET.ENROLMENTS", "STREAM.INFO.ENROLMENTS", "STREAM.NAMES"].map(
        (call) => `${prefix}.${call}`,
      ),
    );
    const heard = overhear(connection, ">", "dvt.>", "$SYS.>", "_INBOX_admin.>");
    for (const it of [...others, ...writing, ...asking, ...reading])
      expect(await ask(connection, it, {seq: 1}), it).toBe("refused");
    await publish(await stage.busOf("sidecar-c1-1"), exitShare, aShare(stage));
    await connection.flush();
    expect(heard).toEqual([]);
  });

  it("can neither send much nor connect often", async () => {
    const {stage, open, connection} = await connectAsInvitee();
    await open();
    await expect(open()).rejects.toThrow();
    await expect(connection.request(subject, "x".repeat(9000), {timeout: 2000})).rejects.toThrow();
    expect(await messagesIn(stage.bus, "ENROLMENTS")).toBe(0);
  });
});

it("everybody reads who takes part, and only the administrator writes it", async () => {
  const stage = await createStage();
  for (const participant of ["relayer", "aggregator", "sidecar-c1-4", "operator-op-2"]) {
    const connection = await connectRaw(stage.nats.url, stage.seedFile(participant), `_INBOX_${participant}`);
    expect(await ask(connection, "dvt.js.STREAM.MSG.GET.PARTICIPANTS", {seq: 1}), participant).toBe("answered");
    expect(await ask(connection, "dvt.v2.participants.hoodi", "{}"), participant).toBe("refused");
    for (const call of ["PURGE", "DELETE", "MSG.DELETE", "UPDATE", "INFO"])
      if (participant !== "relayer" || call !== "INFO")
        expect(await ask(connection, `dvt.js.STREAM.${call}.PARTICIPANTS`, {seq: 1}), call).toBe("refused");
  }
});
