import type {StreamInfo} from "nats";
import {expect, it} from "vitest";
import {planStream} from "../../../src/messaging/planStream.js";
import {type StreamSpec, streamSpecs} from "../../../src/messaging/topology.js";

const [declared] = streamSpecs() as [StreamSpec];
/** The stream as a server has it. */
const present = (replicas: number, messages = 0): StreamInfo =>
  ({config: {...declared, num_replicas: replicas}, state: {messages}}) as unknown as StreamInfo;

it.each([
  {id: "no number is declared", wanted: {}, actual: 3, change: undefined},
  {id: "as many are declared", wanted: {num_replicas: 3}, actual: 3, change: undefined},
  {id: "more are declared", wanted: {num_replicas: 3}, actual: 1, change: {differences: ["num_replicas: 1 -> 3"]}},
  {
    id: "fewer are declared",
    wanted: {num_replicas: 1},
    actual: 3,
    change: {differences: ["num_replicas: 3 -> 1"], loses: expect.stringContaining("fewer replicas, 1 instead of 3")},
  },
])("plans $change.differences if $id", ({wanted, actual, change}) => {
  const plan = planStream({...declared, ...wanted}, present(actual));
  if (change === undefined) expect(plan).toBeUndefined();
  else expect({loses: undefined, ...plan}).toMatchObject({action: "update", loses: undefined, ...change});
});
