import type {Bus} from "../messaging/connect.js";
import type {Gateway} from "./gateway.js";
import {Problem} from "./http/problem.js";

/** The operator's own connection. NOT_ALLOWED where the gateway has no nkey of it. */
export function busOf({operators}: Pick<Gateway, "operators">, operatorId: string): Bus {
  const bus = operators.get(operatorId);
  if (!bus) throw new Problem("NOT_ALLOWED", `this gateway does not speak for operator ${operatorId}`);
  return bus;
}
