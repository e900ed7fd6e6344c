import {expect, it} from "vitest";
import {describeCopies} from "../../../../src/cli/doctor/bus.js";

const whole = {wanted: 3, behind: [], isClustered: true};
const late = {server: "dvt-nats-2", why: "lags by 7 messages"};

it.each([
  {id: "a single server", streams: [{...whole, stream: "A", wanted: 1, isClustered: false}], says: "all 1 are there"},
  {
    id: "a cluster that has everything",
    streams: [
      {...whole, stream: "A"},
      {...whole, stream: "B"},
    ],
    says: "all 2 are there, each on 3 servers that are up to date",
  },
])("says of $id: $says", ({streams, says}) => {
  expect(describeCopies(streams)).toBe(says);
});

it.each([
  {
    id: "a stream on one server of the cluster",
    streams: [
      {...whole, stream: "A", wanted: 1},
      {...whole, stream: "B"},
    ],
    says: /^one server alone keeps A$/,
    todo: /STREAM_REPLICAS=3/,
  },
  {
    id: "a server that lags, once for all its streams",
    streams: [
      {...whole, stream: "A", behind: [late]},
      {...whole, stream: "B"},
    ],
    says: /dvt-nats-2 lags by 7 messages, for example in A$/,
    todo: /Stop no other server now/,
  },
  {
    id: "two servers",
    streams: [{...whole, stream: "A", behind: [late, {server: "dvt-nats-3", why: "is away"}]}],
    says: /and 1 more like it$/,
    todo: /Stop no other server now/,
  },
])("finds fault with $id", ({streams, says, todo}) => {
  expect(() => describeCopies(streams)).toThrow(
    expect.objectContaining({message: expect.stringMatching(says), todo: expect.stringMatching(todo)}),
  );
});
