import {Type} from "typebox";
import {problemStatuses} from "./problem.js";

/** What stands at /openapi.json beside the routes, whose schemas are those that requests are checked with. */
export const openApi = {
  openapi: "3.1.0" as const,
  info: {
    title: "dvt gateway",
    description:
      "Operators and sidecars that speak StakeWise's relayer API, version 0.3, and sidecars of version 2, as participants of dvt-exits.",
    version: "0.3",
  },
  components: {
    securitySchemes: {
      token: {type: "http" as const, scheme: "bearer", description: "a token of GATEWAY_TOKENS_FILE, or an operator's JWT"},
      endpoint: {type: "http" as const, scheme: "basic", description: "a sidecar's share index, and its token as the password"},
    },
  },
};

/** Of a route that a token opens. */
export const security = [{token: []}, {endpoint: []}];

const Problem = Type.Object({
  type: Type.Literal("about:blank"),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.Enum(Object.keys(problemStatuses)),
  request_id: Type.String({description: "the log has it too"}),
});

const problem = {
  description: "It cannot be served (RFC 9457); the detail is the reason phrase too",
  content: {"application/problem+json": {schema: Problem}},
};

/** Every route may answer a problem: said once, not in each. */
export const withProblem = <S extends {response?: unknown}>(schema: S): S => ({
  ...schema,
  response: {...(schema?.response ?? {200: {type: "string", description: "text"}}), default: problem},
});
