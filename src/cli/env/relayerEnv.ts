import {Type} from "typebox";
import {envDuration} from "../../runtime/env.js";
import {commonEnv, executionEnv, oraclesEnv, registryEnv, roleEnv, storeEnv} from "./sharedEnv.js";

export const RelayerEnv = Type.Object({
  ...commonEnv,
  ...storeEnv,
  ...oraclesEnv,
  ...roleEnv,
  ...executionEnv,
  ...registryEnv,
  REISSUE_AFTER: envDuration({
    description: "request an exit again when it stays open this long, then twice as long, and so on",
    default: "10m",
  }),
  EXIT_LIFETIME: envDuration({description: "reject an exit that stays open this long", default: "7d"}),
});
