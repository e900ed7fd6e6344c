import {expect, it} from "vitest";
import {exitCompletion} from "../../../schemas/exitCompletion.js";
import {networks} from "../../../src/consensus/networks.js";
import {type RejectionCode, rejections, toRejection} from "../../../src/exits/rejections.js";
import {decode} from "../../../src/messaging/decode.js";
import {publicKey, toBytes} from "../../support/examples/messages.js";

it.each(Object.keys(rejections) as RejectionCode[])("explains %s in a message that operators can decode", (code) => {
  const rejection = toRejection({network: networks.hoodi, publicKey, validatorIndex: 42}, "vault-1", 1_700_000_000_000, code);
  const read = decode(exitCompletion, `dvt.v2.completions.hoodi.vault-1.${publicKey}.42`, toBytes(JSON.stringify(rejection)));
  expect(read).toMatchObject({
    status: "rejected",
    requested_at: 1_700_000_000_000,
    code,
    public_key: publicKey,
    validator_index: 42,
  });
});
