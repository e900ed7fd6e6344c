import {describe, expect, it} from "vitest";
import {obstacleText, stepText} from "../../../../../src/cli/operator/register/stepText.js";
import {stakeText} from "../../../../../src/cli/operator/stakeText.js";
import {networks} from "../../../../../src/consensus/networks.js";
import type {Obstacle, Step} from "../../../../../src/registration/steps.js";

const block = {number: 24, hash: `0x${"12".repeat(32)}`};

describe("a stake", () => {
  it.each([
    {gwei: 32_000_000_000, text: "32 ETH"},
    {gwei: 1_945_500_000_000, text: "1,945.5 ETH"},
    {gwei: 32_000_000_001, text: "32.000000001 ETH"},
    {gwei: 0, text: "0 ETH"},
  ])("of $gwei gwei is shown as $text", ({gwei, text}) => {
    expect(stakeText(gwei, "ETH")).toBe(text);
  });
});

it("says what is left to pay for gas in the network's coin", () => {
  const low = {step: "wallet low", address: "0xab", balance: 5_000_000_000_000_000n} as const;
  expect(stepText(low, "mGNO")).toBe("wallet 0xab has 0.005 xDAI: send it some more soon");
});

it.each<{step: Step; text: string}>([
  {
    step: {step: "wallet low", address: "0xab", balance: 21_500_000_000_000_000n},
    text: "wallet 0xab has 0.0215 ETH: send it some more soon",
  },
  {
    step: {step: "exits ready", startIndex: 7, validators: 2, ms: 554},
    text: "exits and deposits of 2 are signed (554 ms), from index 7",
  },
  {step: {step: "approved", oracles: 3, ms: 538}, text: "3 oracles approve (538 ms since the root)"},
  {
    step: {step: "moved", what: "the next index"},
    text: "somebody else deposited: the next index has moved, starting over",
  },
  {
    step: {step: "sent", hash: "0xab", nonce: 1, replaces: false, windowMs: 740},
    text: "transaction 0xab sent (740 ms since the root)",
  },
  {
    step: {step: "sent", hash: "0xab", nonce: 1, replaces: true, windowMs: 0},
    text: "transaction 0xab sent, in place of an earlier one",
  },
  {step: {step: "sent", hash: "0xab", nonce: 1, replaces: false, windowMs: undefined}, text: "transaction 0xab sent"},
  {
    step: {step: "no top-ups", why: "the vault's rules do not name fund"},
    text: "no validator is topped up first: the vault's rules do not name fund",
  },
  {
    step: {step: "topped up", hash: "0xab", topUps: [{publicKey: "0x01", amount: 10e9}]},
    text: "topped up by 0xab: 1 validator, 10 ETH",
  },
  {step: {step: "included", hash: "0xab", block, gasUsed: 320_468n}, text: "in block 24, 320468 gas"},
  {
    step: {step: "failed", hash: "0xab", block},
    text: "transaction 0xab is in block 24 and did nothing: somebody was faster",
  },
  {step: {step: "following", hash: "0xab"}, text: "following the transaction that an earlier process left: 0xab"},
  {step: {step: "registered", hash: "0xab", publicKeys: ["0x01", "0x02"]}, text: "registered by 0xab:"},
])("says of a step: $text", ({step, text}) => {
  expect(stepText(step, "ETH")).toBe(text);
});

it.each<{obstacle: Obstacle; text: string}>([
  {
    obstacle: {why: "no keys left", allowed: 3, refused: 0},
    text: "no keys are left: all that the vault's rules allow are registered",
  },
  {
    obstacle: {why: "no keys left", allowed: 3, refused: 2},
    text: "no keys are left: of 3 that the vault's rules allow, sidecars refused 2 within the last hour, and the others are registered",
  },
  {
    obstacle: {why: "no keys left", allowed: 0, refused: 0},
    text: "there are no keys: check the clusters of the vault's rules, whether participants.json lists this operator for them, and DEPOSIT_DATA_FILE",
  },
  {
    obstacle: {why: "topped up lately", waitS: 1810},
    text: "validators are to be topped up first, and the vault did that within the last hour: again in 31 minutes at most",
  },
  {
    obstacle: {why: "assets", stakeableGwei: 31_000_000_000},
    text: "the vault has 31 mGNO to stake, too little for this",
  },
  {
    obstacle: {why: "fees", maxFeePerGas: 12_345_678_901n, limit: 10_000_000_000n},
    text: "gas costs 12.34567 gwei with room for two blocks, not below MAX_FEE_PER_GAS, 10 gwei",
  },
  {
    obstacle: {why: "fees", maxFeePerGas: 12_345_678_901n, limit: 10_000_000_000n, isOfReplacing: true},
    text: "taking the place of the wallet's pending transaction costs 12.34567 gwei, not below MAX_FEE_PER_GAS, 10 gwei: wait until a block takes that one, or raise the limit",
  },
  {
    obstacle: {why: "reverted", revert: "Panic 0x11"},
    text: "the contract would refuse it: Panic 0x11: the vault's assets do not suffice",
  },
  {
    obstacle: {
      why: "oracles",
      lacking: {
        outcome: "lacking",
        needed: 3,
        groups: [],
        pending: 0,
        failures: [{oracle: "0x01", host: "one.example", kind: "refused", reason: "it refuses"}],
      },
    },
    text: "the oracles do not approve: 0 of 3 needed oracles: one.example: it refuses",
  },
])("says why nothing is registered: $text", ({obstacle, text}) => {
  expect(obstacleText(obstacle, "mGNO")).toBe(text);
});

it("lists exits that are lacking, in characters that a terminal shows", () => {
  const exit = {network: networks.hoodi, publicKey: "0xab", validatorIndex: 5};
  const rejected = [{exit, code: "EXIT_REFUSED", reason: "no\u001b[2J\nway"}];
  const text = obstacleText({why: "exits", rejected, missing: [{...exit, validatorIndex: 6}]}, "ETH");
  expect(text.split("\n")).toHaveLength(3);
  expect(text).toContain("hoodi:0xab:5 EXIT_REFUSED: no");
  expect(text).toContain("hoodi:0xab:6 has not come");
  expect(text).not.toContain("\u001b");
});
