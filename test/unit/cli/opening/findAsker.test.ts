import {describe, expect, it} from "vitest";
import {findAsker} from "../../../../src/cli/opening/findAsker.js";
import {anNkey, someParticipants} from "../../../support/examples/participants.js";

const sidecars = [{shareIndex: 3, nkey: anNkey(20)}];
const participants = {
  ...someParticipants({
    network: "hoodi",
    operatorIds: ["acme"],
    clusters: [{id: "alpha", definition: "lock.json", operatorIds: ["acme"], sidecars}],
  }),
  viewers: [{id: "wall", nkey: anNkey(30)}],
};

describe("whoever asks the relayer", () => {
  it.each([
    {participant: "admin", nkey: anNkey(0)},
    {participant: "operator-acme", nkey: anNkey(3)},
    {participant: "viewer-wall", nkey: anNkey(30)},
  ])("is $participant by its nkey", ({participant, nkey}) => {
    expect(findAsker(participants, nkey)).toBe(participant);
  });

  it.each([
    {who: "relayer", nkey: anNkey(1)},
    {who: "aggregator", nkey: anNkey(2)},
    {who: "sidecar-alpha-3", nkey: anNkey(20)},
    {who: anNkey(99), nkey: anNkey(99)},
  ])("is not $who, and hears so", ({who, nkey}) => {
    expect(() => findAsker(participants, nkey)).toThrow(
      expect.objectContaining({code: "KEY_FILE_INVALID", message: expect.stringContaining(who)}),
    );
  });
});
