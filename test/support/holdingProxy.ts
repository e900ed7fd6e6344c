import {once} from "node:events";
import {createServer, type Socket} from "node:net";
import {onTestFinished} from "vitest";

export type HoldingProxy = {
  readonly url: string;
  /** The pattern was seen: from it on nothing of what that client says gets through. */
  readonly held: Promise<void>;
};

/** Stands before a server, of NATS or MongoDB, and lets everything through until a client says what matches `pattern`. */
export async function startHoldingProxy(target: string, pattern: string): Promise<HoldingProxy> {
  const {port} = new URL(target);
  const {promise: held, resolve} = withResolvers();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = new (client.constructor as new () => Socket)().connect(Number(port), "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    upstream.pipe(client);
    let holding = false;
    let tail = "";
    client.on("data", (chunk) => {
      tail = (tail + chunk.toString("latin1")).slice(-pattern.length - chunk.length);
      holding ||= tail.includes(pattern);
      if (holding) resolve();
      else upstream.write(chunk);
    });
    client.on("close", () => upstream.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {url: target.replace(`:${port}`, `:${(server.address() as {port: number}).port}`), held};
}

function withResolvers(): {promise: Promise<void>; resolve: () => void} {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return {promise, resolve};
}
