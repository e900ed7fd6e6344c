import {type TSchema, Type} from "typebox";
import {type ProblemCode, problemStatuses} from "../../web/problem.js";

/** Credentials that a route accepts: any; an operator's, in a POST; a sidecar's. */
export const security = [{token: []}, {endpoint: []}];
export const operatorSecurity = [{token: []}, {jwt: []}];
export const sidecarSecurity = security;

type Members = Record<string, TSchema>;

/** The response for problems with one of these codes. */
export const toProblemResponse = (description: string, codes: readonly ProblemCode[], members: Members = {}) => ({
  description,
  content: {"application/problem+json": {schema: toProblem(codes, members)}},
});

/** A problem of one route, for its responses, with more members. */
export const problemOf = (code: ProblemCode, description: string, members: Members = {}) => ({
  [problemStatuses[code]]: toProblemResponse(description, [code], members),
});

const toProblem = (codes: readonly ProblemCode[], members: Members): TSchema =>
  Type.Object({
    type: Type.Literal("about:blank"),
    title: Type.String(),
    status: Type.Enum([...new Set(codes.map((code) => problemStatuses[code]))]),
    detail: Type.String({description: "also the reason phrase, as far as it fits"}),
    code: Type.Enum([...codes]),
    request_id: Type.String({format: "uuid", description: "also in the log"}),
    ...members,
  });
