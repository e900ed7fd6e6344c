/** What stands at /openapi.json beside the routes, whose schemas are those that requests are checked with. */
export const openApi = {
  openapi: "3.1.0" as const,
  info: {
    title: "dvt gateway",
    description: "Operators and sidecars that speak StakeWise's relayer API, version 0.3, as participants of dvt-exits.",
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
