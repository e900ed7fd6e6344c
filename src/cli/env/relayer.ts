import {Type} from "typebox";
import {commonEnv, envDuration, executionEnv, oraclesEnv, registryEnv, roleEnv, storeEnv} from "../../runtime/env.js";

export const RelayerEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  ...registryEnv,
  REISSUE_AFTER: envDuration({
    description: "ask again for an exit that stays open this long, then twice as long, and so on",
    default: "10m",
  }),
  EXIT_LIFETIME: envDuration({description: "reject an exit that stays open this long", default: "7d"}),
});
