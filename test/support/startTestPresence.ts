import type {Presence} from "../../schemas/presence.js";
import type {Bus} from "../../src/messaging/connect.js";
import {createPresence, type Facts, type OwnPresence} from "../../src/presence/createPresence.js";
import type {Logger} from "../../src/runtime/logger.js";
import {createShutdown, type Shutdown} from "../../src/runtime/shutdown.js";
import {silent} from "./servers.js";

export const testClock = {now: () => Date.now(), offsetMs: () => 0};

type Options = {
  role?: Presence["role"];
  instance?: string;
  sidecar?: {clusterId: string; shareIndex: number};
  facts?: () => Facts;
  logger?: Logger;
};

/** The presence of a process of the test's own, as the participant of this connection. It says nothing at the test's end. */
export function startTestPresence(bus: Bus, options: Options = {}): {presence: OwnPresence; shutdown: Shutdown} {
  const {role = "sidecar", instance = "0a1b2c3d", sidecar = {clusterId: "c1", shareIndex: 1}} = options;
  const {facts = () => ({}), logger = silent} = options;
  // Without a grace period that would end what hangs.
  const shutdown = createShutdown({graceMs: 1_000_000, onError: () => {}});
  const presence = createPresence({
    self: {role, instance, version: "0.0.0", loopDelayMs: () => 1},
    bus,
    network: "hoodi",
    ...(role === "sidecar" || role === "gateway" ? {sidecar} : {}),
    clock: testClock,
    facts,
    logger,
  });
  presence.start(shutdown);
  return {presence, shutdown};
}
