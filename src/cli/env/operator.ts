import {Type} from "typebox";
import {commonEnv, envDuration, envId, envString, oraclesEnv, registryEnv} from "../../runtime/env.js";

export const OperatorEnv = Type.Object({
  ...commonEnv,
  ...oraclesEnv,
  ...registryEnv,
  EXECUTION_ENDPOINT: Type.Optional(
    envString({
      description: "URL of an execution node, or several separated by commas, to know it where there is no CONSENSUS_ENDPOINT",
      secret: true,
    }),
  ),
  OPERATOR_ID: envId({description: "this operator's id in participants.json; one process at a time may wait under it"}),
  RESEND_AFTER: envDuration({
    description: "send again what is unanswered when nothing came for this long, then twice as long",
    default: "30s",
  }),
});
