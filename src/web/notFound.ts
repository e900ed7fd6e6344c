import type {App, Reply, Request} from "./app.js";
import {Problem} from "./problem.js";

const methods = ["GET", "POST"] as const;

/** NOT_FOUND, or METHOD_NOT_ALLOWED with an Allow header when the route exists for another method. */
export function toNotFound(app: App, request: Request, reply: Reply): Problem {
  const [url = ""] = request.url.split("?");
  const allowed = methods.filter((method) => app.hasRoute({url, method}));
  if (allowed.length === 0) return new Problem("NOT_FOUND", "there is no such route");
  reply.header("allow", allowed.join(", "));
  return new Problem("METHOD_NOT_ALLOWED", `this route takes ${allowed.join(" and ")}`);
}
