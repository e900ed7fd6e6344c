import {once} from "node:events";
import {createConnection} from "node:net";
import {expect, it, onTestFinished} from "vitest";
import {askHealth} from "../../../src/health/askHealth.js";
import type {NotReady} from "../../../src/health/readiness.js";
import {startStatusPort} from "../../../src/health/startStatusPort.js";

const host = "127.0.0.1";

async function aPort({
  reasons = [],
  metrics = async () => "dvt_ready 1\n",
}: {
  reasons?: NotReady[];
  metrics?: () => Promise<string>;
}) {
  const registry = {contentType: "text/plain; version=0.0.4", metrics};
  const opened = await startStatusPort({host, port: 0, role: "relayer", readiness: {findReasons: async () => reasons}, registry});
  onTestFinished(opened.close);
  const ask = async (path: string, method = "GET") => {
    const response = await fetch(`http://${host}:${opened.port}${path}`, {method});
    return {status: response.status, type: response.headers.get("content-type"), text: await response.text()};
  };
  return {...opened, ask};
}

const away: NotReady[] = [
  {reason: "BUS_UNREACHABLE", sentence: "NATS does not answer relayer"},
  {reason: "STORE_UNWRITABLE", sentence: "MongoDB is away"},
];

it("answers whether the process answers, even when it is not ready", async () => {
  const {ask} = await aPort({reasons: away});
  expect(await ask("/healthz")).toMatchObject({status: 200, text: "relayer answers\n"});
});

it("answers 200 when the role is ready, and else 503 with a line for each reason, its number first", async () => {
  expect(await (await aPort({})).ask("/readyz?verbose")).toMatchObject({status: 200, text: "relayer is ready\n"});
  expect(await (await aPort({reasons: away})).ask("/readyz")).toEqual({
    status: 503,
    type: "text/plain; charset=utf-8",
    text: "relayer is not ready\n2 BUS_UNREACHABLE: NATS does not answer relayer\n3 STORE_UNWRITABLE: MongoDB is away\n",
  });
});

it("serves the metrics as the registry has them", async () => {
  const {ask} = await aPort({});
  expect(await ask("/metrics")).toEqual({status: 200, type: "text/plain; version=0.0.4", text: "dvt_ready 1\n"});
  expect(await ask("/metrics", "HEAD")).toMatchObject({status: 200, text: ""});
});

it.each([
  {id: "another path", path: "/", method: "GET", status: 404},
  {id: "a path that ends with more", path: "/metrics/", method: "GET", status: 404},
  {id: "another method", path: "/healthz", method: "POST", status: 405},
])("answers nothing on $id", async ({path, method, status}) => {
  expect(await (await aPort({})).ask(path, method)).toMatchObject({status});
});

it("answers 500 for a bug, without its message", async () => {
  const {ask} = await aPort({metrics: () => Promise.reject(new Error("secret"))});
  expect(await ask("/metrics")).toMatchObject({status: 500, text: "a bug\n"});
});

it.each([
  {id: "a port in use", address: async () => ({host, port: (await aPort({})).port}), code: "PORT_UNAVAILABLE"},
  {id: "an address of another machine", address: async () => ({host: "192.0.2.1", port: 0}), code: "PORT_UNAVAILABLE"},
  {id: "a name that is none", address: async () => ({host: "no.such.host.invalid", port: 0}), code: "CONFIG_INVALID"},
])("names the variables for $id", async ({address, code}) => {
  const registry = {contentType: "", metrics: async () => ""};
  const starting = startStatusPort({...(await address()), role: "relayer", readiness: {findReasons: async () => []}, registry});
  await expect(starting).rejects.toMatchObject({code, message: expect.stringContaining("STATUS_HOST, STATUS_PORT")});
});

it("closes although somebody holds a connection open", async () => {
  const {port, close} = await aPort({});
  const idle = createConnection(port, host);
  await once(idle, "connect");
  const ended = once(idle, "close");
  await close();
  await ended;
});

it("is asked by `dvt health`, on loopback if it listens everywhere", async () => {
  const {port} = await aPort({reasons: away});
  expect(await askHealth({host: "0.0.0.0", port, ready: false})).toEqual({isGood: true, text: "relayer answers"});
  const {isGood, text} = await askHealth({host, port, ready: true});
  expect({isGood, lines: text.split("\n").length}).toEqual({isGood: false, lines: 3});
});

it("leaves `dvt health` with the reason why nothing answers", async () => {
  const {port, close} = await aPort({});
  await close();
  const {isGood, text} = await askHealth({host, port, ready: true});
  expect(isGood).toBe(false);
  expect(text).toContain("ECONNREFUSED");
});
