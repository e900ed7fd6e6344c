import {once} from "node:events";
import {createServer, type IncomingMessage, type ServerResponse} from "node:http";
import type {AddressInfo} from "node:net";
import {toListenError} from "../runtime/toListenError.js";
import {type NotReady, type Readiness, readinessReasons} from "./readiness.js";

type StatusOptions = {
  readonly host: string;
  readonly port: number;
  readonly role: string;
  readonly readiness: Pick<Readiness, "findReasons">;
  /** As prom-client's registry. */
  readonly registry: {readonly contentType: string; metrics(): Promise<string>};
};

type Answer = {readonly status: number; readonly text: string; readonly type?: string};

const plain = "text/plain; charset=utf-8";

/** A request is short, and comes from somebody near. */
const limits = {requestTimeout: 5000, headersTimeout: 5000, keepAliveTimeout: 5000, connectionsCheckingInterval: 1000};
const mostConnections = 64;

/**
 * Answers /healthz, /readyz and /metrics over HTTP until it is closed. Returns the port, which the system chooses if it is 0. PORT_UNAVAILABLE if the port is taken or the machine does not
 * have the address, CONFIG_INVALID if it cannot listen for another reason.
 */
export async function startStatusPort(options: StatusOptions): Promise<{port: number; close(): Promise<void>}> {
  const {host, port} = options;
  const server = createServer({...limits, maxHeaderSize: 8192}, (request, response) => void answer(options, request, response));
  server.maxConnections = mostConnections;
  try {
    server.listen({host, port});
    await once(server, "listening");
  } catch (cause) {
    throw toListenError(cause, {host, port, variables: "STATUS_HOST, STATUS_PORT"});
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(options: StatusOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const {status, text, type = plain} = await toAnswer(options, request).catch((): Answer => ({status: 500, text: "a bug\n"}));
  response.writeHead(status, {"content-type": type, "cache-control": "no-store", ...(status === 405 && {allow: "GET, HEAD"})});
  response.end(request.method === "HEAD" ? undefined : text);
}

async function toAnswer({role, readiness, registry}: StatusOptions, {method = "", url = ""}: IncomingMessage): Promise<Answer> {
  const [path] = url.split("?");
  if (path !== "/healthz" && path !== "/readyz" && path !== "/metrics") {
    return {status: 404, text: "there are /healthz, /readyz and /metrics\n"};
  }
  if (method !== "GET" && method !== "HEAD") return {status: 405, text: "only GET and HEAD\n"};
  if (path === "/healthz") return {status: 200, text: `${role} answers\n`};
  if (path === "/metrics") return {status: 200, text: await registry.metrics(), type: registry.contentType};
  const reasons = await readiness.findReasons();
  return reasons.length === 0
    ? {status: 200, text: `${role} is ready\n`}
    : {status: 503, text: `${role} is not ready\n${reasons.map(describeReason).join("")}`};
}

const describeReason = ({reason, sentence}: NotReady): string => `${readinessReasons[reason]} ${reason}: ${sentence}\n`;
