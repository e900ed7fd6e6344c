import {statSync} from "node:fs";
import {dirname} from "node:path";
import {expect, it} from "vitest";
import {joinFilesIn, prepareFolder} from "../../../../src/cli/join/joinFolder.js";
import {anInvitation} from "../../../support/examples/invitation.js";
import {useFolder} from "../../../support/files.js";

const folder = useFolder();
const modeOf = (path: string): number => statSync(path).mode & 0o777;

it("the folder is for its owner alone, who gets there if it is not who made it", async () => {
  const files = joinFilesIn(`${folder.fresh()}/dvt/sidecar`, "sidecar");
  await prepareFolder(files, anInvitation(), undefined);
  expect(modeOf(dirname(files.folder))).toBe(0o755 & ~process.umask());
  for (const path of [files.folder, files.state]) expect(modeOf(path)).toBe(0o700);
  for (const path of [files.invitation, files.enrolling]) expect(modeOf(path)).toBe(0o600);
});
