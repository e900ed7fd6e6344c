import {type TSchema, Type} from "typebox";
import {type ProblemCode, problemStatuses} from "../http/problem.js";

/** What opens a route; an operator's, in a POST; a sidecar's. */
export const security = [{token: []}, {endpoint: []}];
export const operatorSecurity = [{token: []}, {jwt: []}];
export const sidecarSecurity = security;

type Members = Record<string, TSchema>;

/** How a problem of one of these codes is answered. */
export const toProblemResponse = (description: string, codes: readonly ProblemCode[], members: Members = {}) => ({
  description,
  content: {"application/problem+json": {schema: toProblem(codes, members)}},
});

/** Among the responses of a route: a problem of its own, with more members. */
export const problemOf = (code: ProblemCode, description: string, members: Members = {}) => ({
  [problemStatuses[code]]: toProblemResponse(description, [code], members),
});

const toProblem = (codes: readonly ProblemCode[], members: Members): TSchema =>
  Type.Object({
    type: Type.Literal("about:blank"),
    title: Type.String(),
    status: Type.Enum([...new Set(codes.map((code) => problemStatuses[code]))]),
    detail: Type.String({description: "the reason phrase too, as far as it fits"}),
    code: Type.Enum([...codes]),
    request_id: Type.String({format: "uuid", description: "the log has it too"}),
    ...members,
  });
