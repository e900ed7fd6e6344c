import {describe, expect, it} from "vitest";
import {parseNatsServers} from "../../../src/messaging/natsServers.js";

const parse = (text: string, hasAuthority = false) => parseNatsServers(text, {hasAuthority});

describe("NATS_URL", () => {
  it.each<{text: string; hasAuthority?: boolean; addresses: string[]; tls: boolean; unencryptedHosts?: string[]}>([
    {text: "nats://127.0.0.1:4222", addresses: ["127.0.0.1:4222"], tls: false},
    {text: "localhost", addresses: ["localhost:4222"], tls: false},
    {text: "nats://[::1]:5222", addresses: ["[::1]:5222"], tls: false},
    {text: "nats://10.0.0.5", addresses: ["10.0.0.5:4222"], tls: false, unencryptedHosts: ["10.0.0.5"]},
    {
      text: "a.example, b.example:80",
      addresses: ["a.example:4222", "b.example:80"],
      tls: false,
      unencryptedHosts: ["a.example", "b.example"],
    },
    {
      text: "nats://127.0.0.1,nats://[2001:db8::7]",
      addresses: ["127.0.0.1:4222", "[2001:db8::7]:4222"],
      tls: false,
      unencryptedHosts: ["2001:db8::7"],
    },
    {text: "tls://a.example:4443/,TLS://b.example", addresses: ["a.example:4443", "b.example:4222"], tls: true},
    {text: "nats://a.example", hasAuthority: true, addresses: ["a.example:4222"], tls: true},
    {text: "tls://a.example,tls://a.example:4222", addresses: ["a.example:4222"], tls: true},
    {text: "nats://user:password@a.example", addresses: ["a.example:4222"], tls: false, unencryptedHosts: ["a.example"]},
  ])("$text, with an authority: $hasAuthority", ({text, hasAuthority, addresses, tls, unencryptedHosts = []}) => {
    expect(parse(text, hasAuthority)).toMatchObject({addresses, tls, unencryptedHosts});
  });

  it.each([
    {id: "TLS for some servers only", text: "tls://user:secret@a.example,nats://b.example"},
    {id: "TLS for some servers only, where one has no scheme", text: "user:secret@a.example,tls://b.example"},
    {id: "another protocol", text: "wss://user:secret@a.example"},
    {id: "no host", text: "tls://user:secret@"},
    {id: "an empty entry in the list", text: "nats://user:secret@a.example,"},
    {id: "a path", text: "nats://user:secret@a.example/path"},
  ])("rejects $id, and does not quote it", ({text}) => {
    const refused = expect.objectContaining({code: "CONFIG_INVALID", message: expect.not.stringContaining("secret")});
    expect(() => parse(text)).toThrow(refused);
    expect(() => parse(text, true)).toThrow(refused);
  });
});
