import {Type} from "typebox";
import {envAddresses, envChoice, envDuration, envInteger, envString} from "../../runtime/env.js";
import {keyShareEnv} from "./keyShareEnv.js";
import {commonEnv, roleEnv} from "./sharedEnv.js";

/** Variables that StakeWise's sidecar has too keep its names. */
export const SidecarEnv = Type.Object({
  ...commonEnv,
  ...roleEnv,
  ...keyShareEnv,
  EXITS_PER_HOUR: envInteger({description: "sign at most this many exits within an hour; others wait", default: "1000"}),
  INDEXES_PER_KEY_PER_DAY: Type.Optional(
    envInteger({
      description:
        "sign exits of one key at no more than this many validator indexes within a day, and with CONSENSUS_ENDPOINT also at those near the next one; unset: 3 with CONSENSUS_ENDPOINT, else 10000",
    }),
  ),
  ALLOWED_KEYS_FILE: Type.Optional(
    envString({description: "sign only for these public keys: one per line, a JSON array, or a deposit data file"}),
  ),
  ALLOWED_VAULTS: Type.Optional(
    envAddresses({
      description:
        "sign only deposits to these vaults, separated by commas; unset: to the withdrawal address in the cluster lock",
    }),
  ),
  EXIT_LIFETIME: envDuration({description: "sign nothing on an operator's order that is older than this", default: "7d"}),
  CONSENSUS_ENDPOINT: Type.Optional(
    envString({
      description:
        "URL of a beacon node, or several separated by commas: refuse active validators, and indexes that another key has",
      secret: true,
    }),
  ),
  ALLOW_ACTIVE_VALIDATORS: envChoice(["true", "false"], {
    description: "true: with CONSENSUS_ENDPOINT, sign for active validators too",
    default: "false",
  }),
  ALLOW_ROTATION: envChoice(["true", "false"], {
    description:
      "true: sign exits of active validators for another oracle set, as operators order them with `dvt operator rotate`: of those that the chain (CONSENSUS_ENDPOINT) shows as an allowed vault's, or that were signed for this index before",
    default: "false",
  }),
  ROTATIONS_PER_HOUR: envInteger({
    description: "sign at most this many of these exits within an hour; others wait. EXITS_PER_HOUR does not count them",
    default: "1000",
  }),
  SIDECAR_STATE_FILE: envString({
    description:
      "which exits were signed, and when, and the withdrawal credentials of each key; each sidecar has its own; do not delete it",
    default: "sidecar-state.jsonl",
  }),
});
