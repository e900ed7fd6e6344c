import {Type} from "typebox";
import {commonEnv, envString, executionEnv, oraclesEnv, roleEnv, storeEnv} from "../../runtime/env.js";

export const AggregatorEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  AGGREGATOR_PRIVATE_KEY_FILE: envString({
    description: "the aggregator's key, made by `dvt keys aggregator`; or several, newest first, separated by commas",
  }),
});
