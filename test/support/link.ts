import {once} from "node:events";
import {connect, createServer, type Socket} from "node:net";

/** What one process sees of one server: a way on loopback that can be cut, or go silent while it stays open. */
export type Link = {
  readonly port: number;
  open(): void;
  /** Connections are gone, and new ones refused. */
  cut(): void;
  /** Nothing gets through, and nobody is told: both ways, or the answers alone. */
  silence(direction: "both" | "answers"): void;
  close(): void;
};

type Pair = {client: Socket; upstream: Socket};

/** `target` is asked for each new connection: the server may have come back on another port. */
export async function startLink(target: () => number): Promise<Link> {
  const pairs = new Set<Pair>();
  /** Who connected while nothing got through. */
  const held = new Set<Socket>();
  let state: "open" | "cut" | "both" | "answers" = "open";

  const server = createServer((client) => {
    client.on("error", () => {});
    if (state === "cut") return void client.destroy();
    if (state !== "open") {
      held.add(client.pause());
      client.on("close", () => held.delete(client));
      return undefined;
    }
    const upstream = connect(target(), "127.0.0.1");
    const pair = {client, upstream};
    pairs.add(pair);
    upstream.on("error", () => {});
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    client.on("close", end);
    upstream.on("close", end);
    client.on("data", (chunk) => void upstream.write(chunk));
    upstream.on("data", (chunk) => void client.write(chunk));
    return undefined;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const destroyAll = (): void => {
    for (const socket of [...held, ...[...pairs].flatMap(({client, upstream}) => [client, upstream])]) socket.destroy();
  };

  return {
    port: (server.address() as {port: number}).port,
    open() {
      state = "open";
      for (const socket of held) socket.destroy();
      for (const {client, upstream} of pairs) {
        client.resume();
        upstream.resume();
      }
    },
    cut() {
      state = "cut";
      destroyAll();
    },
    silence(direction) {
      state = direction;
      for (const {client, upstream} of pairs) {
        upstream.pause();
        if (direction === "both") client.pause();
      }
    },
    close() {
      state = "cut";
      destroyAll();
      server.close();
    },
  };
}
