import {expect, it} from "vitest";
import {publicKeyOf} from "../../../src/ecies/keys.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {toHex} from "../../../src/runtime/hex.js";
import {writeOracles} from "../../../src/sandbox/writeOracles.js";
import {useFolder} from "../../support/files.js";

const folder = useFolder();

it("writes oracles that are read back in the order of their private keys", async () => {
  const path = folder.path("oracles.json");
  const privateKeys = await writeOracles(path, {count: 11, threshold: 6});
  const {publicKeys, threshold} = await loadOracleSet(path);
  expect(publicKeys.map(toHex)).toEqual(privateKeys.map((key) => toHex(publicKeyOf(key))));
  expect(publicKeys).toHaveLength(11);
  expect(threshold).toBe(6);
});
