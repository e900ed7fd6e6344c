import {expect, it} from "vitest";
import {createReadiness} from "../../../src/health/readiness.js";
import {addReadiness} from "../../../src/metrics/addReadiness.js";
import {aRegistry} from "../../support/aRegistry.js";

it("shows whether the role is ready, and each connection once it needs it", async () => {
  const {registry, lines} = aRegistry();
  const readiness = createReadiness({signal: new AbortController().signal});
  addReadiness(registry, readiness);
  expect(await lines()).toEqual(["dvt_ready 0"]);
  readiness.started();
  const store = {reason: "STORE_UNWRITABLE", sentence: "it is away", isMet: async () => true} as const;
  const bus = {reason: "BUS_UNREACHABLE", sentence: "it is away", participant: "relayer", isMet: async () => true} as const;
  readiness.needs(store);
  readiness.needs(bus);
  expect(await lines()).toEqual(["dvt_ready 1", 'dvt_bus_connected{participant="relayer"} 1', "dvt_store_connected 1"]);
  readiness.needs({...bus, participant: "other", isMet: async () => false});
  expect(await lines()).toEqual([
    "dvt_ready 0",
    'dvt_bus_connected{participant="relayer"} 1',
    'dvt_bus_connected{participant="other"} 0',
    "dvt_store_connected 1",
  ]);
});
