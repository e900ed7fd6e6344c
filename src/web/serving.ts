/** How the server is reached. */
export type Serving = {
  readonly host: string;
  readonly port: number;
  /** For each caller, or for each address when callers are not identified. */
  readonly requestsPerMinute: number;
  /** The same, for requests that are not answered yet. */
  readonly requestsAtOnce?: number;
  /** Addresses and networks whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[];
};
