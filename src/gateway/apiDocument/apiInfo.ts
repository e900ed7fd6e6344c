/** What the OpenAPI document says of the whole. */
export const apiInfo = {
  title: "dvt gateway",
  description: [
    [
      "HTTP before the bus of dvt-exits.",
      "It takes the place of StakeWise's relayer: their operators and sidecars speak to it as they are, each as a participant of its own.",
    ].join(" "),
    [
      "- Hex is taken in any case and written with 0x, in lower case but for the manager's address. Amounts are in gwei. Integers end at 2^53 - 1.",
      "- Fields that are not named here are ignored in requests.",
      "- What cannot be served is answered as a problem (RFC 9457). Its `code` tells programs what it is, its `detail` tells people; the detail is the reason phrase too. `request_id` finds it in the gateway's log.",
      "- A body has at most 16 MiB and 500,000 values, names of fields among them. Whoever asks too often is answered 429, with `retry-after` in seconds.",
    ].join("\n"),
  ].join("\n\n"),
  version: "1.0.0",
};
