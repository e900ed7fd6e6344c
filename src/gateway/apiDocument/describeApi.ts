import type {FastifyDynamicSwaggerOptions} from "@fastify/swagger";
import type {Route, RouteSchema} from "../../web/app.js";
import {type ProblemCode, problemStatuses} from "../../web/problem.js";
import {apiInfo} from "./apiInfo.js";
import {toProblemResponse} from "./openApi.js";
import {responseHeaders, withHeaders} from "./responseHeaders.js";
import {tags} from "./tags.js";

const http = "http" as const;
const securitySchemes = {
  token: {type: http, scheme: "bearer", description: "a token of GATEWAY_TOKENS_FILE"},
  jwt: {
    type: http,
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "an operator's, in a POST: HS256 with its RELAYER_JWT_SECRET, iat within 60 s of now",
  },
  endpoint: {type: http, scheme: "basic", description: "a sidecar's share index, and its token as the password"},
};

const descriptions = {
  400: "The request cannot be read, or does not fit",
  401: "The Authorization header identifies no caller",
  403: "The caller may not do this",
  413: "The body is too long",
  415: "The body is not JSON",
  429: "Too many requests within a minute, or at once",
  503: "A server that the gateway needs does not answer; try again",
};

const allCodes = Object.keys(problemStatuses) as ProblemCode[];
const responses = {
  ...Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => {
      const codes = allCodes.filter((code) => problemStatuses[code] === Number(status));
      return [`Problem${status}`, withHeaders(status, toProblemResponse(description, codes))];
    }),
  ),
  Problem: withHeaders("default", toProblemResponse("It cannot be served (RFC 9457)", allCodes)),
};

type DescribedSchema = RouteSchema & {
  hide?: boolean;
  security?: readonly Readonly<Record<string, readonly string[]>>[];
  /** Statuses of problems; removed before the document is published. */
  "x-problems"?: readonly number[];
};

/** The document at /openapi.json: each route with the schemas that requests are checked with, and its problems. */
export function describeApi({hasTokens}: {hasTokens: boolean}): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: apiInfo,
      tags: Object.entries(tags).map(([name, description]) => ({name, description})),
      components: {headers: responseHeaders, responses, ...(hasTokens && {securitySchemes})},
    },
    transform: ({schema, url, route}) => ({url, schema: describeRoute(schema, route, hasTokens)}),
    transformObject: (document) => {
      if (!("openapiObject" in document)) return document.swaggerObject;
      const {openapiObject} = document;
      for (const path of Object.values(openapiObject.paths ?? {})) {
        for (const operation of Object.values(path as Record<string, Operation>)) nameProblems(operation);
      }
      return openapiObject;
    },
  };
}

function describeRoute(schema: DescribedSchema = {}, route: Route, hasTokens: boolean): DescribedSchema {
  const {security, ...rest} = schema;
  const {open = false, uncounted = false} = route.config ?? {};
  return {
    ...rest,
    operationId: toOperationId(route),
    ...(hasTokens && security && {security}),
    "x-problems": [
      ...(schema.body ? [400, 413, 415] : []),
      ...(hasTokens && !open ? [401] : []),
      ...(hasTokens && open ? [] : [403]),
      ...(uncounted ? [] : [429]),
      ...(open ? [] : [503]),
    ],
  };
}

/** postExitSignature of POST /exit-signature. */
const toOperationId = ({method, url}: Route): string =>
  `${String(method).toLowerCase()}${url.replace(/[^a-z]+([a-z]?)/g, (_, letter: string) => letter.toUpperCase())}`;

type Operation = {responses: Record<string, {description: string}>; "x-problems"?: readonly number[]};

function nameProblems(operation: Operation): void {
  const named = operation["x-problems"]?.map((status) => [status, {$ref: `#/components/responses/Problem${status}`}]) ?? [];
  const own = Object.entries(operation.responses).map(([status, response]) => [
    status,
    withHeaders(status, status === "200" ? {...response, description: "As asked"} : response),
  ]);
  operation.responses = {
    ...Object.fromEntries([...named, ...own]),
    default: {$ref: "#/components/responses/Problem"},
  };
  delete operation["x-problems"];
}
