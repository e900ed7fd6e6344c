import {type Static, Type} from "typebox";
import {patterns} from "./fields.js";

export const validatorTypes = ["0x01", "0x02"] as const;

/** How much is staked for a validator and who can withdraw it: a part of several messages. */
export const Deposit = Type.Object(
  {
    vault: Type.String({pattern: patterns.address, description: "20 bytes"}),
    /** uint64 on the chain; here limited to what a JSON number holds exactly. */
    amount: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: "gwei"}),
    /** The first byte of the withdrawal credentials. */
    validator_type: Type.Enum([...validatorTypes]),
  },
  {additionalProperties: false},
);
export type Deposit = Static<typeof Deposit>;
