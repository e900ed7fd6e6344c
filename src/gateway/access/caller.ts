import type {Cluster} from "../../clusters/cluster.js";
import {Problem} from "../../web/problem.js";

declare module "fastify" {
  interface FastifyRequest {
    /** Set before a route runs, unless the route is open to all. */
    caller: Caller;
  }
}

/** Who makes a request. `anybody`: the gateway asks for no credentials. */
export type Caller =
  | {readonly as: "operator"; readonly operatorId: string}
  | {readonly as: "sidecar"; readonly clusterId: string; readonly shareIndex: number}
  | {readonly as: "anybody"};

/** Whether the caller may read and act on this cluster. */
export function concerns(caller: Caller, {id, operatorIds}: Cluster): boolean {
  if (caller.as === "operator") return operatorIds.includes(caller.operatorId);
  return caller.as === "anybody" || caller.clusterId === id;
}

/** NOT_ALLOWED unless the caller may post this share: a token is for one of them. */
export function assertMayPostShare(caller: Caller, shareIndex: number): void {
  if (caller.as === "operator") throw new Problem("NOT_ALLOWED", "an operator's token cannot post shares");
  if (caller.as === "sidecar" && caller.shareIndex !== shareIndex) {
    throw new Problem("NOT_ALLOWED", `this token is for share ${caller.shareIndex}, not for share ${shareIndex}`);
  }
}
