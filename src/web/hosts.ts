import {isLoopback} from "../runtime/isLoopback.js";
import type {Request} from "./app.js";
import {Problem} from "./problem.js";

/**
 * HOST_REFUSED unless the Host header names this machine, and the request does not come from a web page of another site. Without
 * tokens, local callers are trusted because they are local, but so is the user's browser: a page whose domain was made to resolve to
 * this machine (DNS rebinding) sends that domain as Host.
 */
export function assertLocal({headers: {host = "", origin}}: Pick<Request, "headers">): void {
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (!isLoopback(name)) throw new Problem("HOST_REFUSED", "without tokens the Host header must be 127.0.0.1, ::1 or localhost");
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Problem("HOST_REFUSED", "without tokens, web pages of other sites are not answered");
  }
}
