import {expect, it} from "vitest";
import {commit, fullVersion, readCommit, version} from "../../../src/cli/version.js";
import {useFolder} from "../../support/files.js";
import {readText} from "../docs/document.js";

const folder = useFolder();

it("is the version of package.json, and behind it the commit, if the build knows it", () => {
  expect(version).toBe(JSON.parse(readText("package.json")).version);
  expect(fullVersion).toBe(commit === undefined ? version : `${version}+${commit}`);
});

it.each([
  {id: "a commit", content: "e3471799fee2\n", expected: "e3471799fee2"},
  {id: "a commit with changes", content: "e3471799fee2-dirty\n", expected: "e3471799fee2-dirty"},
  {id: "something else", content: "v0.1.0\n", expected: undefined},
  {id: "nothing", content: "", expected: undefined},
])("reads $id", ({content, expected}) => {
  expect(readCommit(folder.write("commit", content))).toBe(expected);
});

it("knows no commit if the build wrote none", () => {
  expect(readCommit(folder.path("nowhere"))).toBeUndefined();
});
