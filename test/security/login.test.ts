import {headers, nkeys} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import {connectBus} from "../../src/messaging/connect.js";
import {connectInvitee} from "../../src/messaging/connectInvitee.js";
import {createSeed, isSignedBy, type Purpose, toIdentity} from "../../src/messaging/identity.js";
import {reloadServers} from "../../src/messaging/reloadServers.js";
import {signatureHeader, verifyMessage} from "../../src/messaging/signature.js";
import {someParticipants} from "../support/examples/participants.js";
import {startLyingNats} from "../support/lyingNats.js";
import {silent} from "../support/servers.js";

const subject = "dvt.v2.exit_requests.hoodi.c1.0xab.7";
const participants = someParticipants({network: "hoodi", operatorIds: ["op-1"], clusters: []});
const anIdentity = () => toIdentity("relayer", createSeed().seed);
const nonceOf = (nonce: string) => ({info: () => ({auth_required: true, nonce})});

/** Of each kind of thing that an nkey signs: the domain, as docs/messages.md has it, and something to be signed. */
const signed: Record<Purpose, {domain: string; content: Uint8Array}> = {
  message: {domain: "dvt.v2.message", content: Buffer.from(`${subject}\n${"x".repeat(32)}`)},
  order: {domain: "dvt.v2.order", content: Buffer.from(`hoodi\nop-1\n1700000000000\n${"x".repeat(32)}`)},
  exitResult: {domain: "dvt.v2.exit_result", content: Buffer.from('hoodi:0xab:7\n0x01\n{"public_keys":[]}')},
};
const kinds = Object.entries(signed).map(([purpose, of]) => ({purpose: purpose as Purpose, ...of}));
const bytesOf = ({domain, content}: {domain: string; content: Uint8Array}): Buffer =>
  Buffer.concat([Uint8Array.of(0xff), Buffer.from(`${domain}\n`), content]);

describe.each(kinds)("$purpose", ({purpose, domain, content}) => {
  it("is signed over its own bytes, of which the first is no text's", () => {
    const identity = anIdentity();
    const signature = identity.sign(purpose, content);
    expect(nkeys.fromPublic(identity.nkey).verify(bytesOf({domain, content}), signature)).toBe(true);
    expect(() => new TextDecoder("utf-8", {fatal: true}).decode(bytesOf({domain, content}))).toThrow();
  });

  it("is signed for nothing else", () => {
    const identity = anIdentity();
    const signature = identity.sign(purpose, content);
    for (const other of kinds)
      expect(isSignedBy(identity.nkey, other.purpose, content, signature)).toBe(other.purpose === purpose);
  });

  it.each([
    {id: "its bytes, read as UTF-8", nonce: bytesOf({domain, content}).toString("utf8")},
    {id: "its bytes, read as Latin-1", nonce: bytesOf({domain, content}).toString("latin1")},
    {id: "its bytes without the first", nonce: `${domain}\n${content}`},
    {id: "its text, with an older domain", nonce: `dvt.v2\n${content}`},
  ])("is not signed for a server that asks for it as a nonce: $id", async ({nonce}) => {
    const identity = anIdentity();
    const {url, logins} = await startLyingNats(nonceOf(nonce));
    await expect(connectBus({url, identity, participants, logger: silent})).rejects.toMatchObject({code: "LOGIN_NONCE_INVALID"});
    expect(logins).toMatchObject([{nkey: identity.nkey, sig: ""}]);
  });
});

it.each([
  {id: "an invitee's", log: (url: string) => connectInvitee({url, invitationId: "ab".repeat(16), secret: createSeed().seed})},
  {id: "the server administrator's", log: (url: string) => reloadServers({url, identity: anIdentity()})},
])("$id connection is closed where the server asks for something else and then lets it in", async ({log}) => {
  const {url, logins} = await startLyingNats(nonceOf(`dvt.v2\n${subject}\n`));
  await expect(log(url)).rejects.toMatchObject({code: "LOGIN_NONCE_INVALID"});
  expect(logins).toMatchObject([{sig: ""}]);
});

it.each(["", "a".repeat(65), "a nonce", "a+nonce", "a/nonce=", "nonce\n", "nönce"])(
  "no nonce is signed such as %j",
  async (nonce) => {
    expect(() => anIdentity().logIn(nonce)).toThrow(expect.objectContaining({code: "LOGIN_NONCE_INVALID"}));
  },
);

it("a login is no message, whatever the nonce", async () => {
  const identity = anIdentity();
  const nonce = "R6Gm2AXtLWcHBzQ";
  const {url, logins} = await startLyingNats(nonceOf(nonce));
  const bus = await connectBus({url, identity, participants, logger: silent});
  onTestFinished(() => bus.connection.close());
  const signature = Buffer.from(logins[0]?.sig ?? "", "base64url");
  expect(nkeys.fromPublic(identity.nkey).verify(Buffer.from(nonce), signature)).toBe(true);
  for (const {purpose} of kinds) expect(isSignedBy(identity.nkey, purpose, Buffer.from(nonce), signature)).toBe(false);
  const header = headers();
  header.set(signatureHeader, signature.toString("base64"));
  await expect(verifyMessage([identity.nkey], nonce, Buffer.from(""), header)).rejects.toMatchObject({code: "SIGNATURE_INVALID"});
});

it("a server that asks for something else later on gets nothing signed, and is left", async () => {
  const {url, logins, untilLogins, cut} = await startLyingNats({
    info: (connection) => ({auth_required: true, nonce: connection === 1 ? "R6Gm2AXtLWcHBzQ" : `dvt.v2\n${subject}\n`}),
  });
  const bus = await connectBus({url, identity: anIdentity(), participants, logger: silent});
  onTestFinished(() => bus.connection.close());
  cut();
  await untilLogins(3);
  expect(logins.slice(1, 3)).toMatchObject([{sig: ""}, {sig: ""}]);
});
