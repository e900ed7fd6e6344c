import {expect, it} from "vitest";
import {exitShare} from "../../../schemas/exitShare.js";
import {presence} from "../../../schemas/presence.js";
import type {Bus} from "../../../src/messaging/connect.js";
import {deleteStreams} from "../../../src/messaging/presentStreams.js";
import {publish} from "../../../src/messaging/publish.js";
import {publishOnce} from "../../../src/messaging/publishOnce.js";
import {aPresence} from "../../support/examples/messages.js";
import {applyStreams, aShare, createStage, type Stage} from "../../support/stage.js";

it.each([
  {
    id: "a presence",
    say: (bus: Bus) => publishOnce(bus, presence, aPresence({network: "hoodi", participant: bus.identity.participant}), 5000),
  },
  {id: "a share", say: (bus: Bus, stage: Stage) => publish(bus, exitShare, aShare(stage))},
])("a bus that does not store $id says since when, until it does", async ({say}) => {
  const stage = await createStage();
  const bus = await stage.busOf("sidecar-c1-1");
  await say(bus, stage);
  expect(bus.storing.failsForMs()).toBe(0);
  await deleteStreams(stage.bus);
  await expect(say(bus, stage)).rejects.toThrow();
  expect(bus.storing.failsForMs()).toBeGreaterThan(0);
  await applyStreams(stage.bus, stage.participants);
  await say(bus, stage);
  expect(bus.storing.failsForMs()).toBe(0);
});
