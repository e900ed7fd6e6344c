import type {StreamInfo} from "nats";
import {expect, it} from "vitest";
import {planStream} from "../../../src/messaging/planStream.js";
import {type StreamSpec, streamSpecs} from "../../../src/messaging/topology.js";

const [declared] = streamSpecs() as [StreamSpec];
/** As a server has it. */
const present = (replicas: number, messages = 0): StreamInfo =>
  ({config: {...declared, num_replicas: replicas}, state: {messages}}) as unknown as StreamInfo;

it.each([
  {id: "nothing is said of copies", wanted: {}, actual: 3, change: undefined},
  {id: "as many are wanted", wanted: {num_replicas: 3}, actual: 3, change: undefined},
  {id: "more are wanted", wanted: {num_replicas: 3}, actual: 1, change: {differences: ["num_replicas: 1 -> 3"]}},
  {
    id: "fewer are wanted",
    wanted: {num_replicas: 1},
    actual: 3,
    change: {differences: ["num_replicas: 3 -> 1"], loses: expect.stringContaining("1 copies of it instead of 3")},
  },
])("plans $change.differences where $id", ({wanted, actual, change}) => {
  const plan = planStream({...declared, ...wanted}, present(actual));
  if (change === undefined) expect(plan).toBeUndefined();
  else expect({loses: undefined, ...plan}).toMatchObject({action: "update", loses: undefined, ...change});
});
