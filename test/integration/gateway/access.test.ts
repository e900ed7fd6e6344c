import {createHash, createHmac} from "node:crypto";
import {expect, it} from "vitest";
import type {Caller} from "../../../src/gateway/access/caller.js";
import type {Credentials} from "../../../src/gateway/access/credentials.js";
import type {Token} from "../../../src/web/tokens.js";
import {aDeposit, ask, createStage, type Dealt, messagesIn, type Stage} from "../../support/stage.js";
import {post, send, signatureOf, startTestGateway} from "../../support/testGateway.js";

const key = new Uint8Array(32).fill(7);
const aToken = (text: string, caller: Caller): Token<Caller> => ({
  sha256: createHash("sha256").update(text).digest(),
  caller,
});
const credentials: Credentials = {
  tokens: [
    aToken("operator", {as: "operator", operatorId: "op-1"}),
    aToken("one", {as: "sidecar", clusterId: "c1", shareIndex: 1}),
    aToken("two", {as: "sidecar", clusterId: "c1", shareIndex: 2}),
    aToken("elsewhere", {as: "sidecar", clusterId: "c2", shareIndex: 1}),
  ],
  jwtSecrets: [{operatorId: "op-1", key}],
};

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const aJwt = (): string => {
  const signed = `${encode({alg: "HS256", typ: "JWT"})}.${encode({iat: Math.floor(Date.now() / 1000)})}`;
  return `Bearer ${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
};
const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

const validators = (stage: Stage) => ({public_keys: stage.dealt.map(({publicKeyHex}) => publicKeyHex)});
const shareOf = (stage: Stage, share_index: number) => {
  const [first] = stage.dealt as [Dealt];
  return {share_index, shares: [{public_key: first.publicKeyHex, exit_signature: signatureOf(first, share_index, 1000)}]};
};

it("serves each token what it is for, and nothing else", async () => {
  const stage = await createStage();
  await ask(stage, {deposit: aDeposit()});
  const {url} = await startTestGateway(stage, {credentials});
  const asking = (authorization?: string) => post(`${url}/validators`, validators(stage), authorization);
  const sharing = (index: number, authorization?: string) => post(`${url}/exit-signature`, shareOf(stage, index), authorization);
  const {shares} = shareOf(stage, 3);
  const both = {share_index: 3, shares: shares.map((share) => ({...share, deposit_signature: ""}))};
  const listing = (authorization?: string) => send(`${url}/exits`, {authorization});

  const answers = {
    "info without a token": await send(`${url}/info`),
    "health without a token": await send(`${url}/healthz`),
    "metrics without a token": await send(`${url}/metrics`),
    "a route that is not there, without a token": await send(`${url}/nowhere`),
    "exits without a token": await listing(),
    "exits with a wrong token": await listing("Bearer three"),
    "exits with a sidecar's token": await listing("Bearer one"),
    "exits with a sidecar's URL": await listing(basic("1", "one")),
    "exits with another's index in the URL": await listing(basic("2", "one")),
    "exits with a JWT": await listing(aJwt()),
    "asking without a token": await asking(),
    "asking with an operator's token": await asking("Bearer operator"),
    "asking with a JWT": await asking(aJwt()),
    "asking with a sidecar's token": await asking("Bearer one"),
    "share 1 with a wrong token": await sharing(1, "Bearer three"),
    "share 1 with an operator's token": await sharing(1, "Bearer operator"),
    "share 1 with its token": await sharing(1, basic("1", "one")),
    "share 3 with the token of share 2": await sharing(3, "Bearer two"),
    "share 1 with a token of another cluster": await sharing(1, "Bearer elsewhere"),
    "open validators without a token": await send(`${url}/validators`),
    "open validators with a sidecar's URL": await send(`${url}/validators`, {authorization: basic("2", "two")}),
    "share 3 of both with the token of share 2": await post(`${url}/signatures`, both, "Bearer two"),
    "share 3 of both with an operator's token": await post(`${url}/signatures`, both, "Bearer operator"),
  };
  expect(Object.fromEntries(Object.entries(answers).map(([id, {status}]) => [id, status]))).toEqual({
    "info without a token": 200,
    "health without a token": 200,
    "metrics without a token": 401,
    "a route that is not there, without a token": 401,
    "exits without a token": 401,
    "exits with a wrong token": 401,
    "exits with a sidecar's token": 200,
    "exits with a sidecar's URL": 200,
    "exits with another's index in the URL": 401,
    "exits with a JWT": 401,
    "asking without a token": 401,
    "asking with an operator's token": 200,
    "asking with a JWT": 200,
    "asking with a sidecar's token": 403,
    "share 1 with a wrong token": 401,
    "share 1 with an operator's token": 403,
    "share 1 with its token": 200,
    "share 3 with the token of share 2": 403,
    "share 1 with a token of another cluster": 422,
    "open validators without a token": 401,
    "open validators with a sidecar's URL": 200,
    "share 3 of both with the token of share 2": 403,
    "share 3 of both with an operator's token": 403,
  });
  expect(answers["exits without a token"].headers.get("www-authenticate")).toContain("Bearer");
  expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(1);
});
