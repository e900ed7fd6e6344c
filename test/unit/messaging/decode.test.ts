import {describe, expect, it} from "vitest";
import {depositCompletion} from "../../../schemas/depositCompletion.js";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {exitRequest} from "../../../schemas/exitRequest.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {decode} from "../../../src/messaging/decode.js";
import {
  aCompletion,
  aDeposit,
  aDepositCompletion,
  anExitBatch,
  anExitRequest,
  anExitShare,
  anOrder,
  aRejection,
  publicKey,
  toBytes,
} from "../../support/examples/messages.js";

const subject = exitShare.subject(anExitShare());
const encode = (payload: unknown): Uint8Array => toBytes(JSON.stringify(payload));
const upper = (hex: string): string => `0x${hex.slice(2).toUpperCase()}`;
const caught = (decoding: () => unknown): {code: string; message: string} => {
  try {
    decoding();
  } catch (error) {
    return error as {code: string; message: string};
  }
  throw new Error("it was read");
};

describe("decode", () => {
  it.each([
    {id: "nothing", data: new Uint8Array()},
    {id: "words", data: toBytes("exit share")},
    {id: "JSON cut short", data: encode(anExitShare()).subarray(0, -1)},
    {id: "JSON twice", data: toBytes(JSON.stringify(anExitShare()).repeat(2))},
    {id: "null", data: toBytes("null")},
    {id: "a number", data: toBytes("7")},
    {id: "text", data: toBytes('"0x00"')},
    {id: "a list of a message", data: encode([anExitShare()])},
    {id: "an empty object", data: toBytes("{}")},
    {id: "another message", data: encode(anExitBatch())},
    {id: "invalid UTF-8 in a value", data: Uint8Array.of(...toBytes('{"cluster_id":"'), 0xff, ...toBytes('"}'))},
    {id: "an overlong UTF-8 sequence", data: Uint8Array.of(...toBytes('{"cluster_id":"'), 0xc0, 0xaf, ...toBytes('"}'))},
    {id: "UTF-16", data: new Uint8Array(Buffer.from(JSON.stringify(anExitShare()), "utf16le"))},
  ])("rejects $id", ({data}) => {
    expect(caught(() => decode(exitShare, subject, data)).code).toBe("MESSAGE_MALFORMED");
  });

  it("rejects invalid UTF-8 that a lenient reader would turn into a valid message", () => {
    const payload = aRejection({reason: "?"});
    const data = encode(payload).map((byte) => (byte === "?".charCodeAt(0) ? 0xff : byte));
    expect(caught(() => decode(exitCompletion, exitCompletion.subject(payload), data)).code).toBe("MESSAGE_MALFORMED");
  });

  it("rejects what is longer than the message can be, before parsing it", () => {
    const fits = `${JSON.stringify(anExitShare())}`.padEnd(exitShare.maxBytes);
    expect(decode(exitShare, subject, toBytes(fits))).toEqual(anExitShare());
    const {code, message} = caught(() => decode(exitShare, subject, toBytes(`${fits} `)));
    expect(code).toBe("MESSAGE_MALFORMED");
    expect(message).toContain(String(exitShare.maxBytes));
  });

  it("converts hex to lower case before it is compared with the subject", () => {
    const share = anExitShare();
    const shouted = {
      ...share,
      exits: [{public_key: upper(publicKey), validator_index: 42}],
      encrypted_signatures: upper(share.encrypted_signatures),
    };
    expect(decode(exitShare, subject, encode(shouted))).toEqual(share);
    const request = anExitRequest({order: anOrder({entries: [`0x${"d1".repeat(32)}`]})});
    const shouting = {
      ...request,
      order_id: upper(request.order_id),
      order: {...request.order, entries: [`0x${"D1".repeat(32)}`]},
    };
    expect(decode(exitRequest, exitRequest.subject(request), encode(shouting))).toEqual(request);
  });

  it("converts hex in lists too", () => {
    const ciphertext = `0x${"cd".repeat(97 + 96)}`;
    const shout = (write: (hex: string) => string): object =>
      aCompletion({
        public_key: write(publicKey),
        oracles_exit_signature_shares: {public_keys: [write(publicKey)], encrypted_exit_signatures: [write(ciphertext)]},
      });
    const own = exitCompletion.subject(aCompletion());
    expect(decode(exitCompletion, own, encode(shout(upper)))).toEqual(shout((hex) => hex));
  });

  it("accepts a vault with the capitals of its checksum, on the subject in lower case", () => {
    const vault = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    const lower = aDepositCompletion({deposit: aDeposit({vault: vault.toLowerCase()})});
    const data = encode(aDepositCompletion({deposit: aDeposit({vault})}));
    expect(decode(depositCompletion, depositCompletion.subject(lower), data)).toEqual(lower);
  });

  it("leaves text that is not hex as it is", () => {
    const payload = aRejection({reason: "Ask AGAIN, 0xAB"});
    expect(decode(exitCompletion, exitCompletion.subject(payload), encode(payload))).toEqual(payload);
  });

  it("leaves a base64 signature as it is, even if it begins like hex", () => {
    const payload = aCompletion({aggregator_signature: `0xAb${"A".repeat(82)}==`});
    expect(decode(exitCompletion, exitCompletion.subject(payload), encode(payload))).toEqual(payload);
  });

  it("does not quote what was sent", () => {
    const {message} = caught(() => decode(exitShare, subject, encode({...anExitShare(), encrypted_signatures: "0xdeadbeef"})));
    expect(message).not.toContain("deadbeef");
    expect(message).toContain("encrypted_signatures");
  });

  it("names unknown fields without control characters, and shortened", () => {
    const fields = Object.fromEntries(Array.from({length: 500}, (_, index) => [`\u001b[2J${index}`.repeat(50), 1]));
    const {message} = caught(() => decode(exitShare, subject, encode({...anExitShare(), ...fields})));
    expect(message).not.toContain("\u001b");
    expect(message.length).toBeLessThan(600);
  });
});

describe("a message on a subject that is not its own", () => {
  const share = encode(anExitShare());
  it.each([
    {id: "another share index", decoding: () => decode(exitShare, "dvt.v2.exit_shares.hoodi.alpha.4", share)},
    {id: "another cluster", decoding: () => decode(exitShare, "dvt.v2.exit_shares.hoodi.beta.3", share)},
    {id: "another network", decoding: () => decode(exitShare, "dvt.v2.exit_shares.mainnet.alpha.3", share)},
    {id: "another version", decoding: () => decode(exitShare, "dvt.v1.exit_shares.hoodi.alpha.3", share)},
    {id: "a token more", decoding: () => decode(exitShare, `${subject}.4`, share)},
    {id: "no subject", decoding: () => decode(exitShare, "", share)},
    {
      id: "another operator",
      decoding: () => decode(exitBatch, "dvt.v2.requests.hoodi.vault-2", encode(anExitBatch())),
    },
    {
      id: "another order",
      decoding: () => decode(exitRequest, `dvt.v2.exit_requests.hoodi.alpha.0x${"0e".repeat(32)}`, encode(anExitRequest())),
    },
    {
      id: "the order id in upper case",
      decoding: () => decode(exitRequest, `dvt.v2.exit_requests.hoodi.alpha.0x${"0D".repeat(32)}`, encode(anExitRequest())),
    },
    {
      id: "another index",
      decoding: () => decode(exitCompletion, `dvt.v2.completions.hoodi.vault-1.${publicKey}.43`, encode(aCompletion())),
    },
    {
      id: "the key in upper case",
      decoding: () => decode(exitCompletion, `dvt.v2.completions.hoodi.vault-1.${upper(publicKey)}.42`, encode(aCompletion())),
    },
    {
      id: "another amount",
      decoding: () =>
        decode(
          depositCompletion,
          depositCompletion.subject(aDepositCompletion({deposit: aDeposit({amount: 1})})),
          encode(aDepositCompletion()),
        ),
    },
    {
      id: "another operator's completion",
      decoding: () => decode(exitCompletion, `dvt.v2.completions.hoodi.vault-2.${publicKey}.42`, encode(aCompletion())),
    },
  ])("is rejected: $id", ({decoding}) => {
    expect(caught(decoding).code).toBe("SUBJECT_MISMATCH");
  });
});
