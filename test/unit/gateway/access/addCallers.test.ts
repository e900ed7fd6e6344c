import {createHash} from "node:crypto";
import {fastify} from "fastify";
import {describe, expect, it} from "vitest";
import {addCallers} from "../../../../src/gateway/access/addCallers.js";
import type {Credentials} from "../../../../src/gateway/access/credentials.js";
import {answerProblem} from "../../../../src/web/answerProblem.js";
import type {App} from "../../../../src/web/app.js";
import {createRequestLog} from "../../../../src/web/requestLog.js";
import {aLogger} from "../../../support/logger.js";

const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const credentials: Credentials = {
  tokens: [1, 2].map((shareIndex) => ({
    sha256: sha256(`token-${shareIndex}`),
    caller: {as: "sidecar", clusterId: "c1", shareIndex},
  })),
  jwtSecrets: [],
};

type Asking = {token?: string; from?: string; url?: string; headers?: Record<string, string>};

/** The status that is answered to a request. */
async function startAdmitting(
  who: Credentials | undefined,
  {host = "127.0.0.1", requestsPerMinute = 3, trustProxy = false} = {},
) {
  const app: App = fastify({trustProxy});
  const {logger} = aLogger();
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, createRequestLog(logger)));
  await addCallers(app, {credentials: who}, {host, requestsPerMinute});
  app.get("/", () => "");
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  app.get("/slow", async () => {
    await released;
    return "";
  });
  app.get("/open", {config: {open: true}}, () => "");
  app.get("/health", {config: {open: true, uncounted: true}}, () => "");
  const ask = ({token, from = "10.0.0.1", url = "/", headers = {}}: Asking = {}) =>
    app.inject({url, remoteAddress: from, headers: {...headers, ...(token !== undefined && {authorization: `Bearer ${token}`})}});
  const statuses = async (count: number, asking: Asking = {}): Promise<number[]> => {
    const seen: number[] = [];
    for (let i = 0; i < count; i++) seen.push((await ask(asking)).statusCode);
    return seen;
  };
  return {ask, statuses, release};
}

describe("a caller who asks too often", () => {
  it("is refused by token, from whatever address, and learns when to try again", async () => {
    const {ask, statuses} = await startAdmitting(credentials);
    expect(await statuses(3, {token: "token-1"})).toEqual([200, 200, 200]);
    const refused = await ask({token: "token-1", from: "10.0.0.2"});
    expect(refused).toMatchObject({statusCode: 429, headers: {"content-type": expect.stringContaining("problem+json")}});
    expect(refused.json()).toMatchObject({code: "RATE_LIMITED"});
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(50);
    expect(await statuses(1, {token: "token-2"})).toEqual([200]);
  });

  it("is refused by address when callers are not identified", async () => {
    const {statuses} = await startAdmitting(undefined, {host: "0.0.0.0"});
    expect(await statuses(4, {from: "2001:db8::1"})).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, {from: "2001:db8::ffff"})).toEqual([429]);
    expect(await statuses(1, {from: "2001:db8:0:1::1"})).toEqual([200]);
  });

  it("is refused while too many requests are not answered yet", async () => {
    const {ask, statuses, release} = await startAdmitting(credentials, {requestsPerMinute: 1000});
    const slow = Array.from({length: 32}, () => ask({token: "token-1", url: "/slow"}).then(({statusCode}) => statusCode));
    expect(await statuses(2, {token: "token-1"})).toEqual([429, 429]);
    expect(await statuses(1, {token: "token-2"})).toEqual([200]);
    release();
    expect(new Set(await Promise.all(slow))).toEqual(new Set([200]));
    expect(await statuses(1, {token: "token-1"})).toEqual([200]);
  });

  it("is refused open routes by address, and health checks never", async () => {
    const {statuses} = await startAdmitting(credentials);
    expect(await statuses(4, {url: "/open"})).toEqual([200, 200, 200, 429]);
    expect(await statuses(5, {url: "/health"})).toEqual([200, 200, 200, 200, 200]);
  });

  it("is the client that a trusted proxy names", async () => {
    const {statuses} = await startAdmitting(undefined, {host: "0.0.0.0", trustProxy: true});
    expect(await statuses(4, {headers: {"x-forwarded-for": "1.2.3.4"}})).toEqual([200, 200, 200, 429]);
    expect(await statuses(1, {headers: {"x-forwarded-for": "1.2.3.5"}})).toEqual([200]);
  });
});

describe("an address that tries tokens", () => {
  it("is soon refused, even with a good token that it guesses", async () => {
    const {statuses} = await startAdmitting(credentials, {requestsPerMinute: 1000});
    expect(new Set(await statuses(30, {token: "wrong"}))).toEqual(new Set([401]));
    expect(await statuses(2, {token: "wrong"})).toEqual([429, 429]);
    expect(await statuses(1, {token: "token-1"})).toEqual([429]);
    expect(await statuses(1, {token: "token-1", from: "10.0.0.2"})).toEqual([200]);
  });

  it("locks out nobody who asked from there before", async () => {
    const {statuses} = await startAdmitting(credentials, {requestsPerMinute: 1000});
    expect(await statuses(1, {token: "token-1"})).toEqual([200]);
    await statuses(31, {token: "wrong"});
    expect(await statuses(1, {token: "token-1"})).toEqual([200]);
    expect(await statuses(1, {token: "token-2"})).toEqual([429]);
  });
});

describe("on loopback without tokens", () => {
  const rows = [
    {id: "127.0.0.1", host: "127.0.0.1:8000", status: 200},
    {id: "localhost", host: "LocalHost", status: 200},
    {id: "::1", host: "[::1]:8000", status: 200},
    {id: "its own page", host: "localhost:8000", origin: "http://localhost:8000", status: 200},
    {id: "a name that was made to lead here", host: "evil.example:8000", status: 403},
    {id: "a name that begins like ours", host: "localhost.evil.example", status: 403},
    {id: "another page", host: "127.0.0.1:8000", origin: "https://evil.example", status: 403},
    {id: "another page of this machine", host: "127.0.0.1:8000", origin: "http://127.0.0.1:3000", status: 403},
    {id: "a page of no origin", host: "127.0.0.1:8000", origin: "null", status: 403},
  ];
  it.each(rows)("answers $id with $status", async ({host, origin, status}) => {
    const {statuses} = await startAdmitting(undefined, {requestsPerMinute: 10});
    const headers = {host, ...(origin !== undefined && {origin})};
    expect(await statuses(1, {headers})).toEqual([status]);
    expect(await statuses(1, {headers, url: "/health"})).toEqual([status]);
  });

  it("counts requests of a proxy's clients, but not of this machine", async () => {
    const {statuses} = await startAdmitting(undefined, {trustProxy: true});
    const headers = {host: "localhost"};
    expect(new Set(await statuses(20, {from: "127.0.0.1", headers}))).toEqual(new Set([200]));
    expect(new Set(await statuses(20, {from: "::ffff:127.0.0.1", headers}))).toEqual(new Set([200]));
    const ofClient = {...headers, "x-forwarded-for": "1.2.3.4"};
    expect(await statuses(4, {from: "127.0.0.1", headers: ofClient})).toEqual([200, 200, 200, 429]);
  });

  it("checks no Host header anywhere else", async () => {
    const headers = {host: "gateway.example", origin: "https://elsewhere.example"};
    const elsewhere = await startAdmitting(undefined, {host: "0.0.0.0"});
    const withTokens = await startAdmitting(credentials);
    expect(await elsewhere.statuses(1, {headers})).toEqual([200]);
    expect(await withTokens.statuses(1, {headers, token: "token-1"})).toEqual([200]);
  });
});
