import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it, onTestFinished} from "vitest";
import {readInvitationOperand, readPending} from "../../../../src/cli/join/readInvitationOperand.js";

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-test-"));
  onTestFinished(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

it("says why an invitation that was left behind cannot be read", async () => {
  // A folder in its place cannot be read by anybody, whoever runs the test.
  const pendingFile = await aFolder();
  await expect(readInvitationOperand(undefined, {pendingFile, env: {}})).rejects.toMatchObject({code: "FILE_UNREADABLE"});
  await expect(readPending(pendingFile)).rejects.toMatchObject({code: "FILE_UNREADABLE"});
});

it("says that one which was left behind is broken", async () => {
  const pendingFile = join(await aFolder(), "invitation.txt");
  await writeFile(pendingFile, "dvt1:nothing");
  await expect(readInvitationOperand(undefined, {pendingFile, env: {}})).rejects.toMatchObject({code: "INVITATION_INVALID"});
});

it("asks for the invitation where none was left behind", async () => {
  const pendingFile = join(await aFolder(), "invitation.txt");
  await expect(readInvitationOperand(undefined, {pendingFile, env: {}})).rejects.toMatchObject({code: "USAGE"});
  expect(await readPending(pendingFile)).toBeUndefined();
});
