import {describe, expect, it} from "vitest";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {toHex} from "../../../src/runtime/hex.js";
import {anNkey} from "../../support/examples/participants.js";
import {useFolder} from "../../support/files.js";
import {readText} from "./document.js";

const folder = useFolder();

/** The first JSON block with this field, a key in the place of each key's placeholder. */
function exampleWith(field: string, document: string): string {
  const blocks = [...readText(document).matchAll(/^```json\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  const example = blocks.find((text) => text.includes(`"${field}"`)) ?? "";
  let nkeys = 0;
  return example
    .replaceAll(/0x<128 hex digits[^>]*>/g, () => toHex(publicKeyOf(generatePrivateKey())))
    .replaceAll(/U<[^>]*>/g, () => anNkey(nkeys++));
}

describe("the example files", () => {
  it.each(["docs/by-hand.md", "docs/configuration.md"])("has a participants.json that is taken: %s", async (document) => {
    const path = folder.write("participants.json", exampleWith("encryption_keys", document));
    const {operators, clusters} = await loadParticipants(path, "hoodi");
    expect(operators.map(({id}) => id)).toEqual(["acme"]);
    expect(clusters).toMatchObject([
      {
        id: "alpha",
        definition: folder.path("alpha-cluster-lock.json"),
        sidecars: [1, 2, 3, 4].map((shareIndex) => ({shareIndex})),
      },
    ]);
  });

  it("has an oracles config that is taken", async () => {
    const example = exampleWith("exit_signature_recover_threshold", "docs/configuration.md");
    const ofOne = example.replace('"exit_signature_recover_threshold": 6', '"exit_signature_recover_threshold": 1');
    expect((await loadOracleSet(folder.write("oracles.json", ofOne))).publicKeys).toHaveLength(1);
  });
});
