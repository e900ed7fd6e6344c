import {randomUUID} from "node:crypto";
import type {Socket} from "node:net";
import {Problem, problemBody} from "./problem.js";

/** Answers input that never becomes a request, because it is too slow or cannot be parsed, with a problem, and closes the connection. */
export function answerUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (socket.writable) socket.write(toAnswer(toProblem(error)));
  socket.destroy(error);
}

function toProblem({code}: NodeJS.ErrnoException): Problem {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return new Problem("REQUEST_TIMEOUT", "the request was too slow: the headers may take 10 s, the whole request 30 s");
  if (code === "HPE_HEADER_OVERFLOW") return new Problem("HEADERS_TOO_LARGE", "the headers are longer than 16 KiB");
  return new Problem("REQUEST_MALFORMED", "this is not an HTTP request");
}

function toAnswer(problem: Problem): string {
  const body = problemBody(problem, randomUUID());
  const json = JSON.stringify(body);
  return [
    `HTTP/1.1 ${body.status} ${body.detail}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${json.length}`,
    `X-Request-Id: ${body.request_id}`,
    "Connection: close",
    "",
    json,
  ].join("\r\n");
}
