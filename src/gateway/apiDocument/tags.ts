/** The dialects that the gateway speaks, in the order of the OpenAPI document. */
export const tags = {
  "relayer API v0.3":
    "Exits alone. Operators ask for them (POST /validators); sidecars read which exits need shares, and post theirs.",
  "sidecar v2": "Exits with the deposits that go with them, for sidecars that sign both.",
  "operator v4 and v5":
    "Operations that a vault's validators manager signs. 501 if the gateway has no such key, 403 if its rules do not name the vault or the operation.",
  status: "The gateway itself.",
} as const;

export type Tag = keyof typeof tags;
