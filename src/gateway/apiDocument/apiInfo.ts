/** The title and introduction of the OpenAPI document. */
export const apiInfo = {
  title: "dvt gateway",
  description: [
    [
      "HTTP before the bus of dvt-exits.",
      "It takes the place of StakeWise's relayer: their operators and sidecars use it unchanged, each as a participant of its own.",
    ].join(" "),
    [
      "- Hex is accepted in any case and written with 0x, in lower case except for the manager's address. Amounts are in gwei. The largest integer is 2^53 - 1.",
      "- Unknown fields in requests are ignored.",
      "- Requests that cannot be served are answered with a problem (RFC 9457). Its `code` is for programs, its `detail` for people; the detail is also the reason phrase. `request_id` finds the request in the gateway's log.",
      "- A body has at most 16 MiB and 500,000 values, counting names of fields. Too many requests are answered with 429, and `retry-after` in seconds.",
    ].join("\n"),
  ].join("\n\n"),
  version: "1.0.0",
};
