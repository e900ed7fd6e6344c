import type {FastifyRequest} from "fastify";
import {isLoopback} from "../../runtime/isLoopback.js";
import {Problem} from "../http/problem.js";

/**
 * HOST_REFUSED unless the request calls us by a name of this machine, and no web page of another site makes it. Whoever is asked for
 * no token is believed because of where they are, and a browser is there too: a page whose name was made to lead here (DNS
 * rebinding) calls us by that name.
 */
export function assertLocal({headers: {host = "", origin}}: Pick<FastifyRequest, "headers">): void {
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  if (!isLoopback(name))
    throw new Problem("HOST_REFUSED", "without tokens it is called 127.0.0.1, ::1 or localhost, and nothing else");
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    throw new Problem("HOST_REFUSED", "without tokens no web page of another site is answered");
  }
}
