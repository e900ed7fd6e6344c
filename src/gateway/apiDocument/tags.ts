/** The dialects that are spoken, in the order of the OpenAPI document. */
export const tags = {
  "relayer API v0.3": "Exits alone. Operators ask for them (POST /validators), sidecars look which want shares and post theirs.",
  "sidecar v2": "Exits with the deposits that go with them, for sidecars that sign both.",
  "operator v4 and v5":
    "What a vault's validators manager signs. 501 where the gateway has no such key, 403 where its rules do not name the vault or the operation.",
  status: "The gateway itself.",
} as const;

export type Tag = keyof typeof tags;
