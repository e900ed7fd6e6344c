import type {Message} from "../../../schemas/defineMessage.js";
import {type ExitReceipt, exitReceipt} from "../../../schemas/exitReceipt.js";
import {describeMessage, invalidOf, publicKey} from "../../support/examples/messages.js";

const anExit = {public_key: publicKey, validator_index: 42};
const aReceipt = (exits = [anExit]): ExitReceipt => ({
  network: "hoodi",
  operator_id: "vault-1",
  oracles_config_hash: `0x${"cf".repeat(32)}`,
  exits,
});

describeMessage(exitReceipt as Message, {
  valid: [
    {id: "one exit", payload: aReceipt()},
    {id: "64 exits", payload: aReceipt(Array(64).fill(anExit))},
  ],
  invalid: [...invalidOf(aReceipt()), {id: "65 exits", payload: aReceipt(Array(65).fill(anExit))}],
});
