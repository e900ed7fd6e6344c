import {fastify} from "fastify";
import {expect, it} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {answerProblem, toProblem} from "../../../src/web/answerProblem.js";
import {Problem} from "../../../src/web/problem.js";
import {createRequestLog} from "../../../src/web/requestLog.js";
import {aLogger} from "../../support/logger.js";

it.each([
  {id: "one of ours", error: new Problem("NOT_ALLOWED", "no"), code: "NOT_ALLOWED"},
  {id: "a server that is away", error: new DvtError("STORE_UNAVAILABLE", "secret-host"), code: "UNAVAILABLE"},
  {id: "a full quota", error: new DvtError("QUOTA_FULL", ""), code: "UNAVAILABLE"},
  {id: "an endpoint of another chain", error: new DvtError("CONSENSUS_CHAIN_MISMATCH", "secret-host"), code: "UNAVAILABLE"},
  {id: "a registry that is still read", error: new DvtError("REGISTRY_INCOMPLETE", "block 5 of 9"), code: "UNAVAILABLE"},
  {id: "a body that is too long", error: Object.assign(new Error("secret"), {statusCode: 413}), code: "BODY_TOO_LARGE"},
  {id: "another content type", error: Object.assign(new Error("secret"), {statusCode: 415}), code: "MEDIA_TYPE_UNSUPPORTED"},
  {id: "a body that is not JSON", error: Object.assign(new Error("secret"), {statusCode: 400}), code: "REQUEST_MALFORMED"},
  {id: "an error of ours that nobody foresaw", error: new DvtError("EXIT_UNKNOWN", "secret"), code: "INTERNAL"},
  {id: "a bug", error: new TypeError("secret"), code: "INTERNAL"},
  {id: "what is no error", error: "secret", code: "INTERNAL"},
])("makes $code of $id, and reveals no more", ({error, code}) => {
  const problem = toProblem(error);
  expect(problem.code).toBe(code);
  expect(problem.message).not.toContain("secret");
});

it("has a short status line without characters that would end it", async () => {
  const {logger, logged} = aLogger();
  const app = fastify();
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, createRequestLog(logger)));
  app.get("/", () => {
    throw new Problem("NOT_FOUND", `bad\r\nset-cookie: é${"x".repeat(500)}`, {more: 1});
  });
  const {statusCode, statusMessage, headers, body} = await app.inject("/");
  expect(statusCode).toBe(404);
  expect(statusMessage).toMatch(/^bad\?\?set-cookie: \?x{182}$/);
  expect(headers["content-type"]).toContain("application/problem+json");
  expect(JSON.parse(body)).toMatchObject({type: "about:blank", title: "Not Found", status: 404, code: "NOT_FOUND", more: 1});
  expect(logged).toEqual([]);
});

it("is logged with the id of the request when it is not the client's fault", async () => {
  const {logger, logged} = aLogger();
  const app = fastify({genReqId: () => "request-1"});
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, createRequestLog(logger)));
  app.get("/", () => {
    throw new DvtError("BUS_UNAVAILABLE", "reach NATS: it is away");
  });
  const {statusCode, headers} = await app.inject("/");
  expect([statusCode, headers["retry-after"]]).toEqual([503, "5"]);
  expect(logged).toMatchObject([
    {request_id: "request-1", code: "BUS_UNAVAILABLE", error: "reach NATS: it is away", msg: "requests fail"},
  ]);
});
