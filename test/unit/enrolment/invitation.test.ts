import {describe, expect, it} from "vitest";
import {
  type Invitation,
  invitationFingerprint,
  newInvitationKeys,
  participantOf,
  readInvitation,
  toInvitationText,
} from "../../../src/enrolment/invitation.js";
import {anInvitation} from "../../support/examples/invitation.js";

const invitation = anInvitation();
const text = toInvitationText(invitation);
const [head, secret] = text.split(".") as [string, string];
const withPublic = (value: unknown): string => `dvt1:${Buffer.from(JSON.stringify(value)).toString("base64url")}.${secret}`;
const publicPart = JSON.parse(Buffer.from(head.slice(5), "base64url").toString()) as Record<string, unknown>;

describe("an invitation", () => {
  it.each<{id: string; invitation: Invitation; participant: string}>([
    {id: "of a node", invitation, participant: "sidecar-alpha-1"},
    {id: "of an operator", invitation: toNamed("operator", "acme"), participant: "operator-acme"},
    {id: "of a viewer", invitation: toNamed("viewer", "ops"), participant: "viewer-ops"},
  ])("$id is read as it was written, and names whom it is for", ({invitation: written, participant}) => {
    expect(readInvitation(toInvitationText(written)).invitation).toEqual(written);
    expect(participantOf(written)).toBe(participant);
  });

  it("is read with the line breaks and blanks that a mail adds", () => {
    const wrapped = ` ${text.replace(/(.{60})/g, "$1\r\n")}\n`;
    expect(readInvitation(wrapped).invitation).toEqual(invitation);
  });

  it.each([
    {id: "nothing", text: ""},
    {id: "another text", text: "hello"},
    {id: "a part", text: text.slice(0, -10)},
    {id: "one without its secret", text: head},
    {id: "the seed of a server in place of the secret", text: `${head}.SN${secret.slice(2)}`},
    {id: "one that is too long", text: `dvt1:${"A".repeat(8200)}.${secret}`},
    {id: "one that is not JSON inside", text: `dvt1:${Buffer.from("{").toString("base64url")}.${secret}`},
    {id: "another version", text: withPublic({...publicPart, v: 2})},
    {id: "another kind", text: withPublic({...publicPart, kind: "relayer"})},
    {id: "an unknown field", text: withPublic({...publicPart, more: 1})},
    {id: "no cluster", text: withPublic({...publicPart, cluster: undefined})},
    {
      id: "a share index of 0",
      text: withPublic({...publicPart, cluster: {...(publicPart["cluster"] as object), share_index: 0}}),
    },
    {id: "a false key of the administrator", text: withPublic({...publicPart, admin: "UABC"})},
    {id: "an unknown network", text: withPublic({...publicPart, network: "goerli"})},
  ])("is refused: $id", ({text}) => {
    expect(() => readInvitation(text)).toThrow(expect.objectContaining({code: "INVITATION_INVALID"}));
  });

  it("never appears in an error, nor does its secret", () => {
    for (const broken of [`${text}x`, text.slice(0, -1), text.replace("dvt1:", "dvt2:"), withPublic({...publicPart, v: 3})]) {
      let message = "";
      try {
        readInvitation(broken);
      } catch (error) {
        message = JSON.stringify(error, Object.getOwnPropertyNames(error));
      }
      expect(message).toContain("INVITATION_INVALID");
      expect(message).not.toContain(secret.slice(0, 20));
      expect(message).not.toContain(head.slice(5, 40));
    }
  });

  it("is not written longer than it may be", () => {
    const ca = "A".repeat(6000);
    expect(() => toInvitationText({...invitation, bus: {...invitation.bus, ca}})).toThrow(
      expect.objectContaining({code: "INVITATION_INVALID"}),
    );
  });
});

describe("its fingerprint", () => {
  it("is the same for who wrote it and who reads it, whatever its secret", () => {
    const {fingerprint} = readInvitation(text);
    expect(fingerprint).toBe(invitationFingerprint(invitation));
    expect(fingerprint).toMatch(/^[A-Z2-7]{4}-[A-Z2-7]{4}-[A-Z2-7]{4}$/);
    expect(readInvitation(`${head}.${newInvitationKeys().secret}`).fingerprint).toBe(fingerprint);
  });

  it.each<{id: string; changes: Partial<Invitation>}>([
    {id: "the bus", changes: {bus: {url: "tls://elsewhere.example.org:4222"}}},
    {id: "the administrator", changes: {admin: `U${"B".repeat(55)}`}},
    {id: "the aggregator's keys", changes: {aggregator: {...invitation.aggregator, encryption_keys: [`0x${"12".repeat(64)}`]}}},
    {id: "when it expires", changes: {expires: 2_000_000_001}},
  ])("is another if $id is another", ({changes}) => {
    expect(invitationFingerprint({...invitation, ...changes} as Invitation)).not.toBe(invitationFingerprint(invitation));
  });

  it("is what python's hashlib computes", () => {
    // base64.b32encode(hashlib.scrypt(b"eyJ2IjoxfQ", salt=b"dvt.v2.invitation", n=2**14, r=8, p=1, dklen=8))[:12]
    expect(invitationFingerprint({v: 1} as Invitation)).toBe("67LO-R65V-SQXO");
  });
});

function toNamed(kind: "operator" | "viewer", name: string): Invitation {
  const {cluster: _, ...rest} = anInvitation() as Extract<Invitation, {kind: "sidecar"}>;
  return {...rest, kind, name} as Invitation;
}
