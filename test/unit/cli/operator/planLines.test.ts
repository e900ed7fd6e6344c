import {expect, it} from "vitest";
import {signerLine} from "../../../../src/cli/operator/planLines.js";
import type {ManagerAccount} from "../../../../src/vaults/validatorsManager.js";

const key = "0xKey";
const sentence = "signs these bytes for the vault (EIP-712, VaultValidators)";

it.each<{kind: ManagerAccount["kind"]; line: string}>([
  {kind: "key", line: `validators manager 0xKey ${sentence}`},
  {
    kind: "contract",
    line: `key 0xKey, which validators manager 0xContract accepts, as a contract (ERC-1271), ${sentence}`,
  },
  {kind: "safe", line: `key 0xKey, which validators manager 0xContract accepts as its owner's, as a Safe does, ${sentence}`},
])("says who signs for a manager that is a $kind", ({kind, line}) => {
  const account = {kind, address: kind === "key" ? key : "0xContract"};
  expect(signerLine({account, key, what: "these bytes"})).toBe(line);
});
