import {EventEmitter, once} from "node:events";
import {Agent, type IncomingMessage, request} from "node:http";
import {type AddressInfo, connect} from "node:net";
import {text} from "node:stream/consumers";
import {describe, expect, it, onTestFinished, vi} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {longPoll} from "../../../src/gateway/waiting/longPoll.js";
import type {App} from "../../../src/web/app.js";
import {anApp} from "../../support/app.js";

const fieldsOf = (count: number): string => `{${Array.from({length: count}, (_, field) => `"${field}":0`).join()}}`;

async function listen(app: App): Promise<number> {
  await app.listen({host: "127.0.0.1", port: 0});
  onTestFinished(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

describe("a stop", () => {
  it("answers a long poll and a request at work, and ends at once", async () => {
    const stopping = new AbortController();
    const app = await anApp({stopping: stopping.signal});
    const events = new EventEmitter();
    const begun = Promise.all([once(events, "polling"), once(events, "at work")]);
    app.get("/polling", async (asking) => {
      const look = async (): Promise<string> => {
        events.emit("polling");
        return "seen";
      };
      return longPoll({stopping: stopping.signal}, asking, look, () => false);
    });
    app.get("/at-work", async () => {
      events.emit("at work");
      await once(events, "done");
      return "done";
    });
    const port = await listen(app);
    const agent = new Agent({keepAlive: true});
    const get = async (path: string): Promise<string> => {
      const sent = request({port, path, agent, host: "127.0.0.1"}).end();
      const [response] = (await once(sent, "response")) as [IncomingMessage];
      return text(response);
    };
    const answers = [get("/polling"), get("/at-work")];
    await begun;
    const since = performance.now();
    stopping.abort();
    const closed = app.close();
    expect(await answers[0]).toBe("seen");
    events.emit("done");
    expect(await answers[1]).toBe("done");
    await closed;
    // An open connection would keep it waiting for more than a minute.
    expect(performance.now() - since).toBeLessThan(10_000);
    expect(Object.keys(agent.freeSockets)).toEqual([]);
  });
});

describe("a connection", () => {
  it("that sends its body drop by drop is closed", async () => {
    const app = await anApp();
    expect(app.server).toMatchObject({requestTimeout: 30_000, headersTimeout: 10_000});
    // The same, sooner.
    Object.assign(app.server, {requestTimeout: 200, headersTimeout: 200});
    const port = await listen(app);
    const socket = connect(port, "127.0.0.1");
    socket.write(
      'POST /validators HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"',
    );
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 .*"code":"REQUEST_TIMEOUT"/s);
  });

  it.each([
    {id: "is not HTTP", sent: "hello\r\n\r\n", status: 400, code: "REQUEST_MALFORMED"},
    {id: "has no end of headers", sent: `GET / HTTP/1.1\r\nA: ${"a".repeat(20_000)}`, status: 431, code: "HEADERS_TOO_LARGE"},
  ])("that $id is answered with a problem, and closed", async ({sent, status, code}) => {
    const socket = connect(await listen(await anApp()), "127.0.0.1");
    socket.write(sent);
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    expect(head).toContain("\r\nContent-Type: application/problem+json\r\n");
    expect(JSON.parse(body)).toMatchObject({type: "about:blank", status, code});
    expect(head).toContain(`X-Request-Id: ${JSON.parse(body).request_id}`);
  });
});

describe("a body", () => {
  const post = async (payload: string, type = "application/json") => {
    const app = await anApp();
    const {statusCode} = await app.inject({method: "POST", url: "/validators", headers: {"content-type": type}, payload});
    return statusCode;
  };

  it.each([
    {id: "is not JSON", body: "{", status: 400},
    {id: "does not fit", body: '{"public_keys": []}', status: 400},
    {id: "sets a prototype", body: `{"__proto__": {}, "public_keys": ["0x${"ab".repeat(48)}"]}`, status: 422},
    {id: "is a million arrays", body: "[".repeat(1_000_000), status: 413},
    {id: "is an object of 490,000 fields", body: fieldsOf(490_000), status: 413},
    {id: "is a form", body: "public_keys=0xab", type: "application/x-www-form-urlencoded", status: 415},
    {id: "is plain text", body: '{"public_keys": []}', type: "text/plain", status: 415},
  ])("that $id is answered with $status", async ({body, type, status}) => {
    expect(await post(body, type)).toBe(status);
  });
});

describe("a readiness check", () => {
  it("asks the servers once for all who ask within a second", async () => {
    vi.useFakeTimers({toFake: ["performance"]});
    onTestFinished(() => void vi.useRealTimers());
    let asked = 0;
    const app = await anApp({checkServers: async () => void asked++});
    const ask = async (): Promise<number> => (await app.inject("/readyz")).statusCode;
    expect(new Set(await Promise.all(Array.from({length: 50}, ask)))).toEqual(new Set([200]));
    vi.advanceTimersByTime(999);
    await ask();
    expect(asked).toBe(1);
  });

  it("reports a failure, and its end", async () => {
    vi.useFakeTimers({toFake: ["performance"]});
    onTestFinished(() => void vi.useRealTimers());
    let isUnavailable = true;
    const app = await anApp({
      checkServers: async () => {
        if (isUnavailable) throw new DvtError("STORE_UNAVAILABLE", "reach mongodb: it is unavailable");
      },
    });
    const ask = async (): Promise<number> => (await app.inject("/readyz")).statusCode;
    expect(await ask()).toBe(503);
    isUnavailable = false;
    expect(await ask()).toBe(503);
    vi.advanceTimersByTime(1000);
    expect(await ask()).toBe(200);
  });
});

describe("a browser", () => {
  it("gets no header that lets another page read an answer", async () => {
    const app = await anApp();
    const origin = "http://localhost:80";
    const asking = {origin, host: "localhost:80", "access-control-request-method": "POST"};
    const answers = [
      await app.inject({method: "OPTIONS", url: "/validators", headers: asking}),
      await app.inject({url: "/info", headers: {origin, host: "localhost:80"}}),
    ];
    for (const {headers} of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      expect(headers).toMatchObject({"x-content-type-options": "nosniff", "cross-origin-resource-policy": "same-origin"});
    }
    expect(answers.map(({statusCode}) => statusCode)).toEqual([405, 200]);
  });

  it("gets a page of the routes that loads nothing from elsewhere", async () => {
    const app = await anApp({credentials: {tokens: [], jwtSecrets: []}});
    const page = await app.inject("/docs");
    expect(page).toMatchObject({
      statusCode: 200,
      headers: {"content-security-policy": expect.stringContaining("script-src 'self';")},
    });
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, asset = ""]) => asset);
    expect(assets.length).toBeGreaterThan(5);
    for (const url of [...assets, "/docs/json"]) expect(await app.inject({url}), url).toMatchObject({statusCode: 200});
    expect((await app.inject("/exits")).statusCode).toBe(401);
  });
});
