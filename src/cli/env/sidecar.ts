import {Type} from "typebox";
import {commonEnv, envAddresses, envChoice, envInteger, envString, roleEnv} from "../../runtime/env.js";
import {keyShareEnv} from "./keyShares.js";

/** Names that StakeWise's sidecar has are kept as they are there. */
export const SidecarEnv = Type.Object({
  ...commonEnv,
  ...roleEnv,
  ...keyShareEnv,
  EXITS_PER_HOUR: envInteger({description: "sign this many exits within an hour; others wait", default: "1000"}),
  INDEXES_PER_KEY_PER_DAY: Type.Optional(
    envInteger({
      description:
        "sign for this many validator indexes of one key within a day, and where CONSENSUS_ENDPOINT is set for those near the next one; refuse others; unset: 3 where it is set, else 10000",
    }),
  ),
  ALLOWED_KEYS_FILE: Type.Optional(
    envString({description: "sign for these public keys only: one a line, a JSON array, or deposit data"}),
  ),
  ALLOWED_VAULTS: Type.Optional(
    envAddresses({
      description:
        "sign deposits to these vaults only, separated by commas; unset: to the withdrawal address that the cluster lock has",
    }),
  ),
  CONSENSUS_ENDPOINT: Type.Optional(
    envString({
      description:
        "URL of a beacon node, or several separated by commas; refuse validators that are active, and indexes that another key has",
      secret: true,
    }),
  ),
  ALLOW_ACTIVE_VALIDATORS: envChoice(["true", "false"], {
    description: "true: sign for active validators too, where CONSENSUS_ENDPOINT is set",
    default: "false",
  }),
  SIDECAR_STATE_FILE: envString({
    description: "which exits were signed when, and the withdrawal credentials of each key; each sidecar has its own, to be kept",
    default: "sidecar-state.jsonl",
  }),
});
