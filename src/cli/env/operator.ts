import {Type} from "typebox";
import {commonEnv, envDuration, envId, executionEndpointEnv, oraclesEnv, registryEnv} from "../../runtime/env.js";

export const OperatorEnv = Type.Object({
  ...commonEnv,
  ...oraclesEnv,
  ...executionEndpointEnv,
  ...registryEnv,
  OPERATOR_ID: envId({description: "this operator's id in participants.json; one process at a time may wait under it"}),
  RESEND_AFTER: envDuration({
    description: "send again what is unanswered when nothing came for this long, then twice as long",
    default: "30s",
  }),
});
