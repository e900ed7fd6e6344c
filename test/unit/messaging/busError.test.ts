import {NatsError} from "nats";
import {describe, expect, it} from "vitest";
import {isFinalApiError, toBusError} from "../../../src/messaging/busError.js";

/** The error that the client throws for this answer of JetStream. */
const answered = (code: number, err_code: number, description: string): NatsError =>
  Object.assign(new NatsError(description, String(code)), {api_error: {code, err_code, description}});

describe("what JetStream answers", () => {
  it.each([
    {id: "no such consumer", error: answered(404, 10_014, "consumer not found"), code: "STREAMS_MISSING", isFinal: true},
    {id: "no such stream", error: answered(404, 10_059, "stream not found"), code: "STREAMS_MISSING", isFinal: true},
    {id: "no leader", error: answered(503, 10_008, "JetStream system temporarily unavailable"), isFinal: false},
    {id: "no room", error: answered(503, 10_023, "insufficient resources"), isFinal: false},
    {id: "no JetStream in this account", error: answered(503, 10_039, "JetStream not enabled for account"), isFinal: false},
    {id: "no cluster of three", error: answered(500, 10_074, "replicas > 1 not supported"), isFinal: true},
    {id: "nothing in time", error: new NatsError("TIMEOUT", "TIMEOUT"), isFinal: false},
    {id: "nobody there", error: new NatsError("503", "503"), isFinal: false},
    {id: "a connection that was closed", error: new NatsError("CONNECTION_CLOSED", "CONNECTION_CLOSED"), isFinal: false},
  ])("is $code, final: $isFinal, if it is $id", ({error, code = "BUS_UNAVAILABLE", isFinal}) => {
    expect(() => toBusError("ask", {missing: "it is not there"})(error)).toThrow(expect.objectContaining({code, cause: error}));
    expect(isFinalApiError(error)).toBe(isFinal);
  });

  it("does not concern errors that are bugs", () => {
    const bug = new TypeError("undefined is not a function");
    expect(() => toBusError("ask", {missing: ""})(bug)).toThrow(bug);
  });
});
