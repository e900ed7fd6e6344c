import {defineCommand} from "../defineCommand.js";
import {type DoctorRole, doctorRoles} from "../doctor/doctorRoles.js";
import {noVerify} from "../options.js";

export const doctor = defineCommand<{json?: boolean; verify: boolean}>({
  name: "doctor",
  describe:
    "Looks at everything that a role needs, in its environment, and says for each thing whether it is ok and what to do. It changes nothing, and the role may run meanwhile.",
  exitStatus: "0 everything is ok, 2 something is not",
  operands: {
    flags: "<role>",
    describe: "the role to look at, with its environment",
    choices: doctorRoles,
  },
  options: {json: {flags: "--json", describe: "one JSON object"}, verify: noVerify},
  examples: ["sidecar", "relayer --json"],
  run: async (options, env, [role]) => (await import("../doctor/runDoctor.js")).runDoctor(role as DoctorRole, options, env),
});
