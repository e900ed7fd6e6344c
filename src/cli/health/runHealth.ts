import {DvtError} from "../../errors.js";
import {parseEnv} from "../../runtime/env.js";
import {HealthEnv} from "../env/healthEnv.js";
import {reportHealth} from "./reportHealth.js";

/** Runs `dvt health` and resolves with its exit status. */
export function runHealth({ready = false}: {ready?: boolean}, env: NodeJS.ProcessEnv): Promise<number> {
  const {STATUS_PORT = "0", STATUS_HOST: host} = parseEnv(HealthEnv, env);
  const port = Number(STATUS_PORT);
  if (port > 0) return reportHealth({host, port, ready});
  throw new DvtError("CONFIG_INVALID", "ask for the health: STATUS_PORT is not set, or 0; set it to the role's");
}
