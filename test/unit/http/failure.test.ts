import {describe, expect, it} from "vitest";
import {describeFailure} from "../../../src/http/failure.js";

const withCode = (code: string): Error => Object.assign(new Error("https://user:canary@signer/canary"), {code});
const named = (name: string): Error => Object.assign(new Error("canary"), {name});

describe("describeFailure", () => {
  it.each([
    {id: "nobody listens", error: withCode("ECONNREFUSED"), words: "it cannot be reached: connection refused (ECONNREFUSED)"},
    {id: "no such name", error: withCode("ENOTFOUND"), words: "it cannot be reached: name not found (ENOTFOUND)"},
    {id: "a connection reset", error: withCode("ECONNRESET"), words: "the connection broke off (ECONNRESET)"},
    {id: "a connection that ends", error: withCode("UND_ERR_SOCKET"), words: "the connection broke off (UND_ERR_SOCKET)"},
    {
      id: "no connection in time",
      error: withCode("UND_ERR_CONNECT_TIMEOUT"),
      words: "it cannot be reached: no connection in time (UND_ERR_CONNECT_TIMEOUT)",
    },
    {id: "a pause", error: withCode("UND_ERR_BODY_TIMEOUT"), words: "it does not answer in time (UND_ERR_BODY_TIMEOUT)"},
    {id: "the end of its time", error: named("TimeoutError"), words: "it does not answer in time"},
    {id: "an old certificate", error: withCode("CERT_HAS_EXPIRED"), words: "its certificate has expired (CERT_HAS_EXPIRED)"},
    {id: "a code without words", error: withCode("EMFILE"), words: "it cannot be reached (EMFILE)"},
    {id: "no code", error: new Error("canary"), words: "it cannot be read"},
    {id: "a stop", error: Object.assign(named("AbortError"), {code: 20}), words: "it cannot be read"},
    {id: "no error at all", error: undefined, words: "it cannot be read"},
  ])("names $id, and quotes nothing", ({error, words}) => {
    expect(describeFailure(error)).toBe(words);
  });
});
