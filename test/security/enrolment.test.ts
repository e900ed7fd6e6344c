import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {connect, nkeyAuthenticator} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import {codeOf} from "../../src/enrolment/code.js";
import {type Invitation, participantOf, readInvitation} from "../../src/enrolment/invitation.js";
import {inboxPrefixOf, inviteeOf} from "../../src/messaging/accounts.js";
import {connectInvitee} from "../../src/messaging/connectInvitee.js";
import {createSeed, type Identity, toIdentity} from "../../src/messaging/identity.js";
import {ask} from "../support/attacker.js";
import {type Centre, createCentre} from "../support/centre.js";
import {temporaryFolder} from "../support/servers.js";

const stranger = (): Identity => toIdentity("stranger", createSeed().seed);

/** A centre that has invited somebody, and the invitation, which leaked. */
async function invited(...who: string[]): Promise<{centre: Centre; invitation: Invitation; name: string}> {
  const centre = await createCentre({validators: 1});
  const {code, output} = await centre.command("invite", ...who);
  expect(code, output).toBe(0);
  const [, path] = /^\S+: (\/.*)$/m.exec(output) ?? [];
  const {invitation} = readInvitation(await readFile(path as string, "utf8"));
  return {centre, invitation, name: participantOf(invitation)};
}

/** Logs in with the secret of the invitation. */
const log = async ({bus, id: invitationId, secret}: Invitation) => {
  const caFile = join(await temporaryFolder(), "ca.pem");
  await writeFile(caFile, bus.ca ?? "");
  const connection = await connectInvitee({url: bus.url, caFile, invitationId, secret});
  onTestFinished(() => connection.close());
  return connection;
};

const payloadOf = (invitation: Invitation, {nkey}: Identity, version = "1") => ({
  network: invitation.network,
  invitation: invitation.id,
  participant: participantOf(invitation),
  nkey,
  version,
});

async function enrol(invitation: Invitation, identity = stranger()): Promise<Identity> {
  await (await log(invitation)).enrol(identity, payloadOf(invitation, identity));
  return identity;
}

const isIn = async (centre: Centre, {nkey}: Identity): Promise<boolean> =>
  (await readFile(centre.participantsFile, "utf8")).includes(nkey);

describe("whoever has a stolen invitation", () => {
  it("of a node is not taken with --auto, because no key share signed for them", async () => {
    const {centre, invitation, name} = await invited("alpha", "1");
    const thief = await enrol(invitation);
    const {code, output} = await centre.command("accept", "--auto");
    expect(code, output).toBe(0);
    expect(output).toContain(`${name}: `);
    expect(output).toContain("nothing proves who it is");
    expect(await isIn(centre, thief)).toBe(false);
  });

  it("is not taken on the code that the right one shows", async () => {
    const {centre, invitation, name} = await invited("operator", "other", "alpha");
    const thief = await enrol(invitation);
    const {code, output} = await centre.command("accept", name, "--code", codeOf(invitation.id, stranger().nkey));
    expect(code).toBe(78);
    expect(output).toContain("ENROLMENT_REFUSED");
    expect(await isIn(centre, thief)).toBe(false);
    expect((await centre.command("accept", name, "--code", codeOf(invitation.id, thief.nkey).toLowerCase())).code).toBe(0);
    expect(await isIn(centre, thief)).toBe(true);
  });

  it("cannot use it a second time: the bus has the first enrolment, and the right one hears that somebody was there", async () => {
    const {centre, invitation, name} = await invited("viewer", "ops");
    const first = await enrol(invitation);
    await expect(enrol(invitation)).rejects.toMatchObject({code: "INVITATION_USED"});
    const {output} = await centre.command("accept", name, "--code", codeOf(invitation.id, first.nkey));
    expect(output).toContain(`taken: ${name} ${first.nkey}`);
    // Its account is gone with it.
    await expect(log(invitation)).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
  });

  it("cannot send more than a message that fits, nor hold more than two connections", async () => {
    const {invitation} = await invited("viewer", "ops");
    const name = inviteeOf(invitation.id);
    const authenticator = nkeyAuthenticator(new TextEncoder().encode(invitation.secret));
    const open = async () => {
      const connection = await connect({
        servers: invitation.bus.url,
        authenticator,
        inboxPrefix: inboxPrefixOf(name),
        reconnect: false,
        tls: {ca: invitation.bus.ca ?? ""},
      });
      onTestFinished(() => connection.close().catch(() => {}));
      return connection;
    };
    const [first] = [await open(), await open()] as const;
    await expect(open()).rejects.toThrow();
    const subject = `dvt.v2.enrolments.hoodi.${invitation.id}`;
    expect(() => first.publish(subject, new Uint8Array(9000))).toThrow();
    expect(await ask(first, subject, "x".repeat(8000))).toBe("answered");
    expect(await ask(first, "dvt.js.STREAM.MSG.GET.PARTICIPANTS", {seq: 1})).toBe("refused");
    expect(await ask(first, `dvt.v2.enrolments.hoodi.${"ab".repeat(16)}`, "{}")).toBe("refused");
  });

  it("is refused after it has expired, and cannot log in once the administrator has run a command", async () => {
    const {centre, invitation, name} = await invited("viewer", "ops");
    const path = join(centre.folder, "admin", "invitations.json");
    const {invitations} = JSON.parse(await readFile(path, "utf8"));
    await writeFile(path, JSON.stringify({invitations: [{...invitations[0], expires_at: Date.now() - 1}]}), {mode: 0o600});
    // Nobody has told the server yet.
    const late = await enrol(invitation);
    const {code, output} = await centre.command("accept", name, "--code", codeOf(invitation.id, late.nkey));
    expect(code, output).toBe(2);
    expect(output).toContain("after the invitation had expired");
    expect(await isIn(centre, late)).toBe(false);
    await expect(log(invitation)).rejects.toMatchObject({code: "BUS_UNAVAILABLE"});
  });

  it("cannot break the bus with an nkey that no server accepts", async () => {
    const {centre, invitation, name} = await invited("viewer", "ops");
    const identity = stranger();
    const nkey = `${identity.nkey.slice(0, -1)}${identity.nkey.endsWith("A") ? "B" : "A"}`;
    await (await log(invitation)).enrol(identity, payloadOf(invitation, {...identity, nkey}));
    const {code, output} = await centre.command("accept", name, "--code", codeOf(invitation.id, nkey));
    expect(code, output).toBe(2);
    expect(output).toContain("checksum");
  });
});

describe("the secrets of an enrolment", () => {
  it("are in no output and in no file but the invitation's own, which is gone when it was used", async () => {
    const centre = await createCentre({validators: 1});
    const made = await centre.command("invite", "viewer", "ops");
    const path = centre.invitationOf(made.output, "viewer-ops");
    const {invitation} = readInvitation(await readFile(path, "utf8"));
    const listed = await centre.command("participants", "list");
    const files = ["admin/invitations.json", "nats/accounts.conf"].map((name) => join(centre.folder, name));
    const texts = [made.output, listed.output, ...(await Promise.all(files.map((file) => readFile(file, "utf8"))))];
    for (const text of texts) expect(text).not.toContain(invitation.secret.slice(0, 20));
    const identity = await enrol(invitation);
    await centre.command("accept", "viewer-ops", "--code", codeOf(invitation.id, identity.nkey));
    await expect(readFile(path)).rejects.toMatchObject({code: "ENOENT"});
  });
});
