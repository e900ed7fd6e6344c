import {once} from "node:events";
import {readdir} from "node:fs/promises";
import {createServer} from "node:net";
import {MongoClient} from "mongodb";
import {connect} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import type {Child} from "../../src/sandbox/childProcess.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {temporaryFolder} from "../support/servers.js";

const anyPorts = ["--nats-port", "0", "--mongodb-port", "0"];

async function startServers(folder: string) {
  const servers = startDvt(["dev-servers", "--folder", folder, ...anyPorts], {});
  onTestFinished(servers.stop);
  const [, natsUrl = ""] = await servers.line(/^NATS_URL=(.+)$/);
  const [, mongodbUrl = ""] = await servers.line(/^MONGODB_URL=(.+)$/);
  const nats = await connect({servers: natsUrl, reconnect: false});
  const mongo = await MongoClient.connect(mongodbUrl);
  onTestFinished(() => nats.close());
  onTestFinished(() => mongo.close());
  return {servers, nats, notes: mongo.db().collection<{text: string}>("notes"), close: () => closeAll([nats, mongo])};
}

const closeAll = (open: readonly {close(): Promise<void>}[]) => Promise.all(open.map((it) => it.close()));

async function interrupt(servers: Child): Promise<void> {
  servers.process.kill("SIGINT");
  expect(await servers.ended, servers.output()).toBe(0);
}

describe("dvt dev-servers", () => {
  it("runs both servers until Ctrl+C, and has their data again the next time", async () => {
    const folder = await temporaryFolder();
    const first = await startServers(folder);
    const streams = await first.nats.jetstreamManager();
    await streams.streams.add({name: "NOTES", subjects: ["notes"]});
    await first.nats.jetstream().publish("notes", "kept");
    await first.notes.insertOne({text: "kept"});
    await first.close();
    await interrupt(first.servers);

    const again = await startServers(folder);
    const message = await (await again.nats.jetstreamManager()).streams.getMessage("NOTES", {seq: 1});
    expect(message.string()).toBe("kept");
    expect(await again.notes.countDocuments({text: "kept"})).toBe(1);
    expect(again.servers.output()).toContain("never for real keys");
  });

  it("says which port is taken and what to do, and starts nothing", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    onTestFinished(() => void taken.close());
    const {port} = taken.address() as {port: number};
    const folder = await temporaryFolder();
    const servers = startDvt(["dev-servers", "--folder", folder, "--nats-port", "0", "--mongodb-port", String(port)], {});
    expect(await servers.ended).toBe(64);
    expect(await readdir(folder)).toEqual([]);
    expect(servers.output()).toContain(`--mongodb-port ${port}: something already listens on it`);
  });
});
