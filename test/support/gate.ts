import {once} from "node:events";
import {connect, createServer, type Socket} from "node:net";
import {onTestFinished} from "vitest";

export type Gate = {
  readonly port: number;
  /** Cuts every connection, and refuses new ones. */
  close(): void;
  open(): void;
};

/** Stands before a server on this machine, and can take it away. */
export async function createGate(targetPort: number): Promise<Gate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((client) => {
    if (!isOpen) return void client.destroy();
    const upstream = connect(targetPort, "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
    return undefined;
  });
  const cut = (): void => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    cut();
    server.close();
  });
  return {
    port: (server.address() as {port: number}).port,
    close: cut,
    open() {
      isOpen = true;
    },
  };
}
