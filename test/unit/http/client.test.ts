import {once} from "node:events";
import {createServer, type IncomingMessage, type RequestListener, type Server} from "node:http";
import {createServer as createTlsServer} from "node:https";
import type {AddressInfo, Socket} from "node:net";
import {text} from "node:stream/consumers";
import {gzipSync} from "node:zlib";
import {describe, expect, it, onTestFinished} from "vitest";
import {createHttpClient, type HttpRequest} from "../../../src/http/client.js";
import {AnswerTooLongError, HttpError} from "../../../src/http/failure.js";
import {pem} from "../../support/signer.js";

const {signal} = new AbortController();

type Asked = {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly method: string;
  readonly body: string;
};

async function start(server: Server, scheme: "http" | "https" = "http") {
  const sockets = new Set<Socket>();
  server.on(scheme === "http" ? "connection" : "secureConnection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {host, url: new URL(`${scheme}://${host}/a`), connections: () => sockets.size};
}

async function aServer(answer: RequestListener) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const {url: path = "", method = "", headers} = request;
    asked.push({path, method, headers, body: await text(request)});
    answer(request, response);
  });
  return {...(await start(server)), asked};
}

const send = (url: URL, options: Partial<HttpRequest> = {}) => createHttpClient()({url, maxBytes: 1000, signal, ...options});
const failureOf = async (sending: Promise<unknown>): Promise<Error> =>
  sending.then(
    () => new Error("it was answered"),
    (error: Error) => error,
  );

describe("an answer", () => {
  it("is of any status, with a body where that is read", async () => {
    for (const status of [200, 404, 500]) {
      const {url} = await aServer((_, response) => response.writeHead(status).end("text"));
      const {body, ...answer} = await send(url, {reads: [200, 404]});
      expect({...answer, text: body.toString()}).toEqual({status, text: status === 500 ? "" : "text"});
    }
  });

  it("is not waited for beyond its head where its body is not read", async () => {
    const {url} = await aServer((_, response) => void response.writeHead(503).write("endless"));
    expect(await send(url)).toMatchObject({status: 503});
  });

  it("is decompressed", async () => {
    const {url, asked} = await aServer((_, response) => {
      response.writeHead(200, {"content-encoding": "gzip"}).end(gzipSync("x".repeat(1000)));
    });
    expect((await send(url)).body.toString()).toBe("x".repeat(1000));
    expect(asked[0]?.headers["accept-encoding"]).toBe("gzip");
  });

  it.each<{id: string; answer: RequestListener}>([
    {id: "as it is", answer: (_, response) => response.end("x".repeat(1001))},
    {id: "in pieces", answer: (_, response) => void response.write("x".repeat(1000), () => response.write("x"))},
    {
      id: "once it is decompressed",
      answer: (_, response) => response.writeHead(200, {"content-encoding": "gzip"}).end(gzipSync(Buffer.alloc(1e7))),
    },
  ])("is refused where it is too long $id", async ({answer}) => {
    const {url} = await aServer(answer);
    await expect(send(url)).rejects.toThrow(AnswerTooLongError);
  });

  it.each<{id: string; answer: RequestListener}>([
    {id: "ends early", answer: (_, response) => void response.writeHead(200).write("x", () => response.destroy())},
    {
      id: "is shorter than it says",
      answer: (_, response) => void response.writeHead(200, {"content-length": 9}).write("x", () => response.destroy()),
    },
    {
      id: "ends early, compressed",
      answer: (_, response) =>
        response.writeHead(200, {"content-encoding": "gzip"}).end(gzipSync("x".repeat(900)).subarray(0, 20)),
    },
  ])("is none where it $id", async ({answer}) => {
    const {url} = await aServer(answer);
    const error = await failureOf(send(url));
    expect(error).toBeInstanceOf(HttpError);
    expect(error.message).toMatch(/^the connection broke off \(\w+\)$/);
  });
});

describe("a request", () => {
  it("is a GET, or posts its body as JSON", async () => {
    const {url, asked} = await aServer((_, response) => response.end());
    await send(url, {headers: {accept: "text/plain"}});
    await send(url, {body: {ids: [1]}});
    expect(asked).toMatchObject([
      {method: "GET", path: "/a", body: "", headers: {accept: "text/plain"}},
      {method: "POST", path: "/a", body: '{"ids":[1]}', headers: {"content-type": "application/json"}},
    ]);
    expect(asked[0]?.headers).not.toHaveProperty("content-type");
  });

  it("posts bytes as they are", async () => {
    const {url, asked} = await aServer((_, response) => response.end());
    await send(url, {body: Buffer.from('{"a":1}')});
    expect(asked).toMatchObject([{body: '{"a":1}', headers: {"content-type": "application/json", "content-length": "7"}}]);
  });

  it("goes over the connection of one before", async () => {
    const {url, connections} = await aServer((_, response) => response.end("x"));
    const client = createHttpClient();
    for (let turn = 0; turn < 9; turn++) await client({url, maxBytes: 1, signal});
    expect(connections()).toBeLessThanOrEqual(2);
  });

  it("carries the login of its URL as a header, or a token in its place", async () => {
    const {host, asked} = await aServer((_, response) => response.end());
    const url = new URL(`http://user:p%40ss@${host}/a?key=1#here`);
    await send(url);
    await send(url, {token: "a-token"});
    expect(asked.map(({headers}) => headers.authorization)).toEqual([
      `Basic ${Buffer.from("user:p@ss").toString("base64")}`,
      "Bearer a-token",
    ]);
    expect(asked[0]).toMatchObject({path: "/a?key=1", headers: {host}});
  });

  it.each<{id: string; answer: RequestListener}>([
    {id: "its head", answer: () => {}},
    {id: "the rest of its body", answer: (_, response) => void response.writeHead(200).write("x")},
  ])("has a limit on the whole time, also for $id", async ({answer}) => {
    const {url} = await aServer(answer);
    expect((await failureOf(send(url, {timeoutMs: 100}))).message).toBe("it does not answer in time");
  });

  it("has a limit on each pause", async () => {
    const {url} = await aServer((_, response) => void response.writeHead(200).write("x"));
    const sending = createHttpClient({idleMs: 100})({url, maxBytes: 9, signal});
    expect((await failureOf(sending)).message).toBe("it does not answer in time (UND_ERR_BODY_TIMEOUT)");
  });

  it("ends at once with its signal", async () => {
    const stop = new AbortController();
    const {url} = await aServer((_, response) => void response.writeHead(200).write("x", () => stop.abort()));
    expect(await failureOf(send(url, {signal: stop.signal}))).toBeInstanceOf(HttpError);
    expect(await failureOf(send(url, {signal: stop.signal}))).toBeInstanceOf(HttpError);
  });
});

describe("a redirect", () => {
  const to =
    (location: string): RequestListener =>
    (_, response) =>
      response.writeHead(302, {location}).end();

  it("is an answer unless some may be followed", async () => {
    const there = await aServer((_, response) => response.end());
    const {url} = await aServer(to(there.url.href));
    expect(await send(url)).toMatchObject({status: 302});
    expect(there.asked).toEqual([]);
  });

  it("is followed without login and token to another origin", async () => {
    const there = await aServer((_, response) => response.end("there"));
    const {host, asked} = await aServer(to(there.url.href));
    for (const token of [undefined, "a-token"]) {
      const {body} = await send(new URL(`http://user:pass@${host}`), {token, maxRedirects: 1});
      expect(body.toString()).toBe("there");
    }
    expect(asked.map(({headers}) => headers.authorization !== undefined)).toEqual([true, true]);
    expect(there.asked.map(({headers}) => headers.authorization)).toEqual([undefined, undefined]);
  });

  it.each([
    {id: "in a circle", location: "/a", words: "it redirects too often"},
    {id: "to a file", location: "file:///etc/passwd", words: "it redirects to what is not https"},
    {id: "with a login", location: "http://user:canary@127.0.0.1:1/", words: "it redirects to what is not https"},
    {id: "to nowhere", location: "http://", words: "it answers 302"},
  ])("is not followed $id", async ({location, words}) => {
    const {url, asked} = await aServer(to(location));
    expect((await failureOf(send(url, {maxRedirects: 2}))).message).toBe(words);
    expect(asked).toHaveLength(location === "/a" ? 3 : 1);
  });
});

describe("a failure", () => {
  const server = {cert: pem("server.pem"), key: pem("test-only-server.key")};

  it.each([
    {id: "of another authority", tls: {ca: pem("other-authority.pem")}, words: /^its certificate is of an unknown authority \(/},
    {id: "of no known authority", tls: {}, words: /^its certificate is of an unknown authority \(/},
  ])("names a certificate $id", async ({tls, words}) => {
    const {url} = await start(createTlsServer(server), "https");
    expect((await failureOf(createHttpClient({tls})({url, maxBytes: 1, signal}))).message).toMatch(words);
  });

  it("names a server without TLS", async () => {
    const {host} = await aServer((_, response) => response.end());
    expect((await failureOf(send(new URL(`https://${host}`)))).message).toMatch(/^it does not speak TLS \(/);
  });

  it("quotes nothing of URL, token or body", async () => {
    const url = new URL("http://user:canary@127.0.0.1:1/canary?canary=1");
    const error = await failureOf(send(url, {token: "canary", body: {key: "canary"}}));
    expect(error.message).toBe("it cannot be reached: connection refused (ECONNREFUSED)");
    expect(String((error.cause as Error).stack)).not.toContain("canary");
  });
});
