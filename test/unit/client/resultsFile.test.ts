import {expect, it} from "vitest";
import {readResults} from "../../../src/client/resultsFile.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();

it("returns nothing if there is no file", async () => {
  expect(await readResults(folder.path("none.json"), "hoodi")).toEqual([]);
});

it.each([
  {id: "another network's", content: {network: "gnosis", validators: []}, code: "RESULTS_INVALID"},
  {id: "deposit data", content: [{pubkey: "ab"}], code: "RESULTS_INVALID"},
  {id: "not JSON", content: "{]", code: "RESULTS_INVALID"},
  {id: "half a file", content: '{"network": "hoodi"', code: "FILE_INCOMPLETE"},
])("rejects a file that is $id, so that it is not overwritten", async ({content, code}) => {
  await expect(readResults(folder.write("results.json", content), "hoodi")).rejects.toMatchObject({code});
});
