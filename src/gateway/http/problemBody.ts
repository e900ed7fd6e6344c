import {STATUS_CODES} from "node:http";
import {printable} from "../../runtime/printable.js";
import {type Problem, problemStatuses} from "./problem.js";

/** As https://www.rfc-editor.org/rfc/rfc9457 has it. */
export function problemBody({code, message, members}: Problem, requestId: string) {
  const status = problemStatuses[code];
  return {
    type: "about:blank",
    title: STATUS_CODES[status],
    ...{status, detail: printable(message), code, request_id: requestId},
    ...members,
  };
}
