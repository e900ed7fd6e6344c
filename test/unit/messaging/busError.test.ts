import {NatsError} from "nats";
import {describe, expect, it} from "vitest";
import {isFinalApiError, toBusError} from "../../../src/messaging/busError.js";

/** As the client makes it of what JetStream answers. */
const answered = (code: number, err_code: number, description: string): NatsError =>
  Object.assign(new NatsError(description, String(code)), {api_error: {code, err_code, description}});

describe("what JetStream answers", () => {
  it.each([
    {id: "no such consumer", error: answered(404, 10_014, "consumer not found"), code: "STREAMS_MISSING", isRefused: true},
    {id: "no such stream", error: answered(404, 10_059, "stream not found"), code: "STREAMS_MISSING", isRefused: true},
    {id: "no leader", error: answered(503, 10_008, "JetStream system temporarily unavailable"), isRefused: false},
    {id: "no room", error: answered(503, 10_023, "insufficient resources"), isRefused: false},
    {id: "no JetStream in this account", error: answered(503, 10_039, "JetStream not enabled for account"), isRefused: false},
    {id: "no cluster of three", error: answered(500, 10_074, "replicas > 1 not supported"), isRefused: true},
    {id: "nothing in time", error: new NatsError("TIMEOUT", "TIMEOUT"), isRefused: false},
    {id: "nobody there", error: new NatsError("503", "503"), isRefused: false},
    {id: "a connection that was closed", error: new NatsError("CONNECTION_CLOSED", "CONNECTION_CLOSED"), isRefused: false},
  ])("is $code, refused: $isRefused, where it is $id", ({error, code = "BUS_UNAVAILABLE", isRefused}) => {
    expect(() => toBusError("ask", {missing: "it is not there"})(error)).toThrow(expect.objectContaining({code, cause: error}));
    expect(isFinalApiError(error)).toBe(isRefused);
  });

  it("is no word about what is a bug", () => {
    const bug = new TypeError("undefined is not a function");
    expect(() => toBusError("ask", {missing: ""})(bug)).toThrow(bug);
  });
});
