import {expect, it} from "vitest";
import {coinsText} from "../../../../src/cli/operator/coinsText.js";
import {gasLine, signerLine, walletLine} from "../../../../src/cli/operator/planLines.js";
import {feeText} from "../../../../src/cli/operator/transactionText.js";
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

it.each([
  {wei: 0n, text: "0 gwei"},
  {wei: 1n, text: "1 wei"},
  {wei: 999_999n, text: "999999 wei"},
  {wei: 1_000_000n, text: "0.001 gwei"},
  {wei: 1_500_019_999n, text: "1.50001 gwei"},
  {wei: 100_000_000_000n, text: "100 gwei"},
])("shows a fee of $wei wei as $text", ({wei, text}) => {
  expect(feeText(wei)).toBe(text);
});

it.each([
  {wei: 0n, text: "0 ETH"},
  {wei: 1n, text: "0 ETH"},
  {wei: 29_999_999_999_999_999n, text: "0.029999 ETH"},
  {wei: 10n ** 18n, text: "1 ETH"},
  {wei: 120n * 10n ** 18n + 5n * 10n ** 17n, text: "120.5 ETH"},
])("shows $wei wei of a wallet as $text", ({wei, text}) => {
  expect(coinsText(wei, "ETH")).toBe(text);
});

it("shows what is paid with in the units that people use", () => {
  expect(walletLine({address: "0xWallet", balance: 15n * 10n ** 17n, nonce: 3}, "mGNO")).toBe(
    "wallet 0xWallet, 1.5 xDAI, nonce 3",
  );
  expect(gasLine({maxFeePerGas: 2_500_000_000n, maxPriorityFeePerGas: 1n}, 10_000_000_000n)).toBe(
    "at most 2.5 gwei for a unit of gas, of which 1 wei are the priority fee; the limit is 10 gwei",
  );
});
