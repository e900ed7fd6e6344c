/** How it is served. */
export type Serving = {
  readonly host: string;
  readonly port: number;
  /** Of a caller, or of an address where nobody is asked who they are. */
  readonly requestsPerMinute: number;
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[];
};
