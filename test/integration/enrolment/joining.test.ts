import {cp, readFile, stat, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parseEnv} from "node:util";
import {describe, expect, it} from "vitest";
import type {ParticipantsFile} from "../../../schemas/participants.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import type {Child} from "../../../src/sandbox/childProcess.js";
import {type Centre, createCentre} from "../../support/centre.js";
import {fixture} from "../../support/files.js";
import {temporaryFolder} from "../../support/servers.js";

/** Invites, and returns the file to join with. */
async function invite(centre: Centre, participant: string, ...who: string[]): Promise<string> {
  const {code, output} = await centre.command("invite", ...who);
  expect(code, output).toBe(0);
  return centre.invitationOf(output, participant);
}

const done = async (child: Child): Promise<string> => {
  expect(await child.ended, child.output()).toBe(0);
  return child.output();
};
const waits = (child: Child) => child.line(/waiting for the administrator: dvt accept(?: \S+ --code (\S+))?/);
const fileOf = async ({participantsFile}: Centre): Promise<ParticipantsFile> =>
  JSON.parse(await readFile(participantsFile, "utf8"));
const nkeyIn = async (seedFile: string): Promise<string> => toIdentity("test", await readFile(seedFile, "utf8")).nkey;
const settingsIn = async (path: string) => parseEnv(await readFile(path, "utf8"));

describe("dvt join", () => {
  it("goes on after an interruption with the same nkey, and is taken on its proof", async () => {
    const centre = await createCentre({validators: 1});
    const invitation = await invite(centre, "sidecar-alpha-2", "alpha", "2");
    const stack = await temporaryFolder();
    await cp(fixture("cdvn"), stack, {recursive: true});
    await cp(centre.nodeFilesOf(1), join(stack, ".charon"), {recursive: true});
    const more = ["--keystores", stack];
    const first = centre.join(invitation, {more});
    await waits(first);
    const nkey = await nkeyIn(join(first.folder, "enrolling.nkey"));
    await first.stop();
    expect(await first.ended).toBe(75);
    // The file that was handed over is not needed any more.
    const second = centre.join(join(first.folder, "invitation.txt"), {more, folder: first.folder});
    await waits(second);
    const {output} = await centre.command("accept", "--auto");
    expect(output).toContain(`taken: sidecar-alpha-2 ${nkey}`);
    const said = await done(second);
    const among = `cd ${stack} && printf`;
    for (const way of [among, "systemctl enable --now", "docker compose -f", "dvt sidecar"]) expect(said).toContain(way);
    expect(await nkeyIn(join(first.folder, "sidecar.nkey"))).toBe(nkey);
    expect((await stat(join(first.folder, "sidecar.nkey"))).mode & 0o777).toBe(0o600);
    expect((await fileOf(centre)).clusters[0]?.sidecars).toEqual([{share_index: 2, nkey}]);
    expect(await settingsIn(join(first.folder, "sidecar.env"))).toMatchObject({
      CLUSTER_ID: "alpha",
      OBOL_NODE_INDEX: "1",
      OBOL_KEYSTORES_DIR: join(stack, ".charon", "validator_keys"),
      OBOL_CLUSTER_LOCK_FILE: join(stack, ".charon", "cluster-lock.json"),
      TRUST_FILE: join(first.folder, "trust.json"),
    });
    // Once more: nothing changes.
    const before = await readFile(join(first.folder, "sidecar.env"), "utf8");
    await done(centre.join(join(first.folder, "invitation.txt"), {more, folder: first.folder}));
    expect(await readFile(join(first.folder, "sidecar.env"), "utf8")).toBe(before);
  });

  it("is taken on a code where nothing can prove who it is, and asks for the clusters that the invitation names", async () => {
    const centre = await createCentre({validators: 1});
    const joining = centre.join(await invite(centre, "operator-other", "operator", "other", "alpha"));
    const [, code = ""] = await waits(joining);
    const {output} = await centre.command("accept", "operator-other", "--code", code);
    expect(output).toContain("taken: operator-other");
    await done(joining);
    expect(await settingsIn(join(joining.folder, "operator.env"))).toMatchObject({OPERATOR_ID: "other", NETWORK: "hoodi"});
    expect((await fileOf(centre)).clusters[0]?.operators).toEqual(["acme", "other"]);
  });

  it("says that somebody else may have used the invitation, when a retry finds it used", async () => {
    const centre = await createCentre({validators: 1});
    const invitation = await invite(centre, "viewer-ops", "viewer", "ops");
    const first = centre.join(invitation);
    await waits(first);
    expect(first.output()).toMatch(/^enrolled, /m);
    await first.stop();
    const again = centre.join(join(first.folder, "invitation.txt"), {folder: first.folder});
    await waits(again);
    const nkey = await nkeyIn(join(first.folder, "enrolling.nkey"));
    expect(again.output()).toContain("by an earlier try of this command, or by somebody else");
    expect(again.output()).toContain(nkey);
    expect((await centre.command("accept")).output).toContain(nkey);
    await again.stop();
  });

  it("sends nothing where the node's definition is another one than the administrator's", async () => {
    const centre = await createCentre({validators: 1});
    const other = await createCentre({validators: 1});
    const joining = centre.join(await invite(centre, "sidecar-alpha-1", "alpha", "1"), {
      more: ["--keystores", other.nodeFilesOf(0)],
    });
    expect(await joining.ended).toBe(78);
    expect(joining.output()).toContain("ENROLMENT_REFUSED");
    expect((await centre.command("accept", "--auto")).output).toContain("nobody has enrolled");
  });
});

describe("the administrator", () => {
  it("gives somebody a new nkey with rotate, and the old one works until then", async () => {
    const centre = await createCentre({validators: 1});
    const joining = centre.join(await invite(centre, "viewer-ops", "viewer", "ops"));
    const [, code = ""] = await waits(joining);
    await centre.command("accept", "viewer-ops", "--code", code);
    await done(joining);
    const before = await nkeyIn(join(joining.folder, "viewer.nkey"));
    expect((await centre.command("invite", "viewer", "ops")).code).toBe(64);
    const {output} = await centre.command("participants", "rotate", "viewer-ops");
    expect(output).toContain("Restart then:\n- the viewer's `dvt console`");
    const again = centre.join(centre.invitationOf(output, "viewer-ops"), {folder: joining.folder});
    const [, newCode = ""] = await waits(again);
    expect(await nkeyIn(join(joining.folder, "viewer.nkey"))).toBe(before);
    await centre.command("accept", "viewer-ops", "--code", newCode);
    await done(again);
    const after = await nkeyIn(join(joining.folder, "viewer.nkey"));
    expect(after).not.toBe(before);
    expect((await fileOf(centre)).viewers?.filter(({id}) => id === "ops")).toEqual([{id: "ops", nkey: after}]);
  });

  it("puts somebody out with remove, and withdraws an invitation", async () => {
    const centre = await createCentre({validators: 1});
    await invite(centre, "viewer-ops", "viewer", "ops");
    expect((await centre.command("participants", "list")).output).toContain("viewer-ops");
    expect((await centre.command("participants", "remove", "viewer-ops")).output).toContain("invited only");
    expect((await centre.command("participants", "list")).output).not.toContain("viewer-ops");
    expect((await centre.command("participants", "remove", "operator-acme")).code).toBe(0);
    const {operators, clusters, version} = await fileOf(centre);
    expect({operators, of: clusters[0]?.operators, version}).toEqual({operators: [], of: [], version: 2});
    expect((await centre.command("participants", "remove", "relayer")).code).toBe(64);
  });

  it("has what an interrupted command began completed by the next one", async () => {
    const centre = await createCentre({validators: 1});
    const joining = centre.join(await invite(centre, "viewer-ops", "viewer", "ops"));
    await waits(joining);
    const nkey = await nkeyIn(join(joining.folder, "enrolling.nkey"));
    // Ended after it had written participants.json, and before all else.
    const file = await fileOf(centre);
    await writeFile(
      centre.participantsFile,
      JSON.stringify({...file, version: 2, viewers: [...(file.viewers ?? []), {id: "ops", nkey}]}),
    );
    expect((await centre.command("accept")).code).toBe(0);
    await done(joining);
    const {invitations} = JSON.parse(await readFile(join(centre.folder, "admin", "invitations.json"), "utf8"));
    expect(invitations[0].used_at).toBeGreaterThan(0);
    expect((await centre.command("accept")).output).toContain("nobody has enrolled");
  });

  it("invites every share index once, however often the command is run", async () => {
    const centre = await createCentre({validators: 1});
    const first = await centre.command("invite", "--all");
    const second = await centre.command("invite", "--all");
    expect(second.output).toBe(first.output);
    expect(first.output.match(/^sidecar-alpha-\d: /gm)).toHaveLength(4);
    const again = await centre.command("invite", "alpha", "1", "--new");
    expect(centre.invitationOf(again.output, "sidecar-alpha-1")).not.toBe(centre.invitationOf(first.output, "sidecar-alpha-1"));
    expect((await centre.command("invite", "alpha", "9")).code).toBe(64);
    expect((await centre.command("invite", "beta", "1")).code).toBe(64);
  });
});
