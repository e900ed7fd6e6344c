import {Type} from "typebox";
import {envString} from "../../runtime/env.js";
import {commonEnv, executionEnv, oraclesEnv, roleEnv, storeEnv} from "./sharedEnv.js";

export const AggregatorEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  AGGREGATOR_PRIVATE_KEY_FILE: envString({
    description: "the aggregator's key, made by `dvt keys aggregator`; several, newest first, are separated by commas",
  }),
});
