import {expect, it} from "vitest";
import {earlierText} from "../../../../src/cli/operator/earlierText.js";
import type {EarlierStep} from "../../../../src/registration/settleOperation.js";

const vault = "0xaa";

it.each<{step: EarlierStep; text: string}>([
  {step: {step: "following", hash: "0xab"}, text: "following transaction 0xab of an earlier command"},
  {
    step: {
      step: "done",
      hash: "0xab",
      request: {
        kind: "withdraw",
        vault,
        validators: [
          {publicKey: "0x01", asked: 1_500_000_000},
          {publicKey: "0x02", asked: 0},
        ],
      },
    },
    text: "an earlier command has done this, by 0xab:\n  0x01 1.5 ETH\n  0x02 all of it: the validator exits",
  },
  {
    step: {
      step: "done",
      hash: "0xab",
      request: {
        kind: "consolidate",
        vault,
        validators: [
          {publicKey: "0x01", asked: "0x02"},
          {publicKey: "0x03", asked: "0x03"},
        ],
      },
    },
    text: "an earlier command has done this, by 0xab:\n  0x01 ends, into 0x02\n  0x03 becomes 0x02",
  },
  {
    step: {step: "done", hash: "0xab", request: {kind: "fund", vault, validators: [{publicKey: "0x01", asked: 10e9}]}},
    text: "an earlier command has done this, by 0xab:\n  0x01 +10 ETH",
  },
  {step: {step: "done", hash: "0xab", request: undefined}, text: "the earlier command did nothing: its nonce went to 0xab"},
  {
    step: {step: "stuck", hash: "0xab", isOurs: true},
    text: "no block takes 0xab of the earlier command: what is sent next takes its nonce",
  },
  {
    step: {step: "nonce taken", nonce: 7},
    text: "the earlier command: the wallet sent another transaction with nonce 7",
  },
])("$text", ({step, text}) => {
  expect(earlierText(step, "ETH")).toBe(text);
});
