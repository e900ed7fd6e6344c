import {Type} from "typebox";
import {envString} from "../../runtime/env.js";

export const DemoEnv = Type.Object({
  DEMO_NATS_URL: Type.Optional(envString({description: "NATS server to use instead of starting one"})),
  DEMO_MONGODB_URL: Type.Optional(envString({description: "MongoDB server to use instead of starting one"})),
});
