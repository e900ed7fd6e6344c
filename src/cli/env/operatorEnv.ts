import {Type} from "typebox";
import {envDuration, envId} from "../../runtime/env.js";
import {commonEnv, executionEndpointEnv, oraclesEnv, registryEnv, roleEnv} from "./sharedEnv.js";

export const OperatorEnv = Type.Object({
  ...commonEnv,
  ...oraclesEnv,
  ...executionEndpointEnv,
  ...registryEnv,
  TRUST_FILE: roleEnv.TRUST_FILE,
  OPERATOR_ID: envId({description: "this operator's id in participants.json; one process at a time may use it"}),
  RESEND_AFTER: envDuration({
    description: "send unanswered requests again when nothing came for this long, then twice as long, and so on",
    default: "30s",
  }),
});
