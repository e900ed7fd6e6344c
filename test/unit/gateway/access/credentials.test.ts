import {createHash, createHmac} from "node:crypto";
import {describe, expect, it} from "vitest";
import {type Credentials, identify} from "../../../../src/gateway/access/credentials.js";

const operator = {as: "operator", operatorId: "acme"} as const;
const sidecar = {as: "sidecar", clusterId: "alpha", shareIndex: 2} as const;
const key = new Uint8Array(32).fill(1);
const sha256 = (text: string): Uint8Array => createHash("sha256").update(text).digest();
const credentials: Credentials = {
  tokens: [
    {sha256: sha256("for-acme"), caller: operator},
    {sha256: sha256("s3cr:t"), caller: sidecar},
  ],
  jwtSecrets: [
    {operatorId: "other", key: new Uint8Array(32).fill(2)},
    {operatorId: "acme", key},
  ],
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
type Jwt = {claims?: object; header?: object; secret?: Uint8Array};
const nowSeconds = (): number => Math.floor(Date.now() / 1000);
function aJwt({claims = {iat: nowSeconds()}, header = {alg: "HS256", typ: "JWT"}, secret = key}: Jwt = {}): string {
  const signed = `${encode(header)}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
const basic = (text: string): string => `Basic ${Buffer.from(text).toString("base64")}`;

describe("a token", () => {
  it.each([
    {id: "an operator's", authorization: "Bearer for-acme", caller: operator},
    {id: "a sidecar's", authorization: "Bearer s3cr:t", caller: sidecar},
    {id: "with the scheme in lower case", authorization: "bearer s3cr:t", caller: sidecar},
    {id: "of nobody's", authorization: "Bearer s3cr:T", caller: undefined},
    {id: "its hash", authorization: `Bearer ${Buffer.from(sha256("s3cr:t")).toString("hex")}`, caller: undefined},
    {id: "empty", authorization: "Bearer ", caller: undefined},
    {id: "not there", authorization: undefined, caller: undefined},
    {id: "under another scheme", authorization: "Digest s3cr:t", caller: undefined},
    {id: "in a sidecar's URL", authorization: basic("2:s3cr:t"), caller: sidecar},
    {id: "in a URL with another index", authorization: basic("3:s3cr:t"), caller: undefined},
    {id: "in a URL with an index that only reads alike", authorization: basic("02:s3cr:t"), caller: undefined},
    {id: "an operator's in a URL", authorization: basic("2:for-acme"), caller: undefined},
    {id: "in a URL without an index", authorization: basic("s3cr:t"), caller: undefined},
  ])("$id", async ({authorization, caller}) => {
    expect(await identify(credentials, authorization, "GET")).toEqual(caller);
  });
});

describe("a JWT", () => {
  it.each([
    {id: "of now", jwt: aJwt(), caller: operator},
    {id: "of 50 s ago", jwt: aJwt({claims: {iat: nowSeconds() - 50}}), caller: operator},
    {id: "of a clock that is 50 s ahead", jwt: aJwt({claims: {iat: nowSeconds() + 50}}), caller: operator},
    {id: "of 70 s ago", jwt: aJwt({claims: {iat: nowSeconds() - 70}}), caller: undefined},
    {id: "of 70 s from now", jwt: aJwt({claims: {iat: nowSeconds() + 70}}), caller: undefined},
    {id: "without a time", jwt: aJwt({claims: {}}), caller: undefined},
    {id: "of another secret", jwt: aJwt({secret: new Uint8Array(32)}), caller: undefined},
    {id: "that says it needs no signature", jwt: `${encode({alg: "none"})}.${encode({iat: nowSeconds()})}.`, caller: undefined},
    {id: "of another algorithm", jwt: aJwt({header: {alg: "HS512"}}), caller: undefined},
    {id: "that is none", jwt: "a.b.c", caller: undefined},
  ])("$id", async ({jwt, caller}) => {
    expect(await identify(credentials, `Bearer ${jwt}`, "POST")).toEqual(caller);
  });

  it("speaks in a POST only", async () => {
    expect(await identify(credentials, `Bearer ${aJwt()}`, "GET")).toBeUndefined();
  });
});
