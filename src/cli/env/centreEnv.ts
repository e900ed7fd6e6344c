import {Type} from "typebox";
import {envString} from "../../runtime/env.js";
import {StreamsEnv} from "./administratorEnv.js";

/** What the administrator's commands read on the centre, from admin/centre.env of its folder unless the environment has it. */
export const CentreEnv = Type.Object({
  ...StreamsEnv.properties,
  SERVER_ADMIN_SEED_FILE: envString({description: "the seed of the nkey that may reload the NATS servers, and nothing else"}),
  INVITATIONS_FILE: envString({description: "the administrator's invitations; their secrets are in the folder beside it"}),
  NATS_CONFIG_FILE: envString({description: "the NATS server's configuration"}),
  NATS_ACCOUNTS_FILE: envString({description: "the accounts file that it includes"}),
  NATS_COPY_COMMAND: Type.Optional(
    envString({
      description:
        "on a cluster of NATS servers: the command that copies the accounts file, its argument, to the other machines before they reload",
    }),
  ),
  NATS_SERVER: envString({
    description: "the nats-server command, which checks a configuration before it is used",
    default: "nats-server",
  }),
});
