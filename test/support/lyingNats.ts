import {once} from "node:events";
import {createServer, type Socket} from "node:net";
import {TLSSocket} from "node:tls";
import {onTestFinished} from "vitest";

/** What the client says of itself when it logs in. */
export type Login = {nkey?: string; sig?: string};

export type LyingNats = {
  readonly url: string;
  /** Of every connection, in their order: its login, or undefined where the client went away without one. */
  readonly logins: (Login | undefined)[];
  /** When there have been this many connections that logged in, or ended. */
  untilLogins(count: number): Promise<void>;
  /** Ends every connection. */
  cut(): void;
};

export type Lies = {
  /** Fields of what it says of itself before a login, for the connection of this number, from 1 on. */
  info?: (connection: number) => Record<string, unknown>;
  /** Whether it rejects the login of the connection of this number, from 1 on, as nats-server does. */
  rejects?: (connection: number) => boolean;
  /** For connections of which INFO asks for TLS. */
  tls?: {key: string; cert: string};
};

/** Speaks as much of the NATS protocol as a login takes, and lets everybody in whom it does not reject. */
export async function startLyingNats({info = () => ({}), rejects = () => false, tls}: Lies): Promise<LyingNats> {
  const sockets = new Set<Socket>();
  const logins: (Login | undefined)[] = [];
  let onLogin = (): void => {};
  let connections = 0;
  const server = createServer((raw) => {
    const own = info(++connections);
    const isRejected = rejects(connections);
    sockets.add(raw);
    raw.on("error", () => {});
    raw.write(
      `INFO ${JSON.stringify({server_id: "liar", version: "2.15.2", proto: 1, headers: true, max_payload: 1e6, ...own})}\r\n`,
    );
    const socket = own["tls_required"] === true && tls ? new TLSSocket(raw, {isServer: true, ...tls}) : raw;
    let login: Login | undefined;
    socket.on("error", () => {});
    socket.on("data", (data) => {
      for (const line of data.toString("utf8").split("\r\n")) {
        if (line.startsWith("CONNECT ")) {
          login = JSON.parse(line.slice("CONNECT ".length));
          logins.push(login);
          onLogin();
        }
        if (line !== "PING") continue;
        if (isRejected) socket.end("-ERR 'Authorization Violation'\r\n");
        else socket.write("PONG\r\n");
      }
    });
    raw.on("close", () => {
      sockets.delete(raw);
      if (login !== undefined) return;
      logins.push(undefined);
      onLogin();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    url: `127.0.0.1:${(server.address() as {port: number}).port}`,
    logins,
    untilLogins: (count) =>
      new Promise((resolve) => {
        onLogin = () => {
          if (logins.length >= count) resolve();
        };
        onLogin();
      }),
    cut,
  };
}
