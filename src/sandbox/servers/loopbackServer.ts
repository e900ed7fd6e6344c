import {once} from "node:events";
import {createServer, type RequestListener} from "node:http";
import type {AddressInfo} from "node:net";

/** An HTTP server of ours on a free port of loopback. */
export type LoopbackServer = {
  /** Without a slash at its end. */
  readonly url: string;
  /** From then on connections are refused. */
  stop(): Promise<void>;
};

export async function startLoopbackServer(answer: RequestListener): Promise<LoopbackServer> {
  const server = createServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
