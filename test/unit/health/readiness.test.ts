import {describe, expect, it} from "vitest";
import {createReadiness, type Need, type ReadinessReason} from "../../../src/health/readiness.js";

function aReadiness() {
  const controller = new AbortController();
  const readiness = createReadiness({signal: controller.signal, withinMs: 50});
  const reasons = async (): Promise<ReadinessReason[]> => (await readiness.findReasons()).map(({reason}) => reason);
  const sentences = async (): Promise<string[]> => (await readiness.findReasons()).map(({sentence}) => sentence);
  return {readiness, reasons, sentences, stop: () => controller.abort()};
}

const aNeed = (reason: ReadinessReason, isMet: Need["isMet"]): Need => ({reason, sentence: "it is away", isMet});

describe("a role that starts", () => {
  it("says what its start is at, what it waits for and since when, and nothing of what is over", async () => {
    const {readiness, sentences} = aReadiness();
    expect(await sentences()).toEqual(["the start is under way"]);
    readiness.began("the oracles config").ended();
    const step = readiness.began("nats");
    expect(await sentences()).toEqual([expect.stringMatching(/^the start is at nats since \d{4}-.*Z$/)]);
    step.failed("BUS_UNAVAILABLE");
    expect(await sentences()).toEqual([expect.stringMatching(/^the start waits for nats since \d{4}-.*Z: BUS_UNAVAILABLE$/)]);
    step.ended();
    expect(await sentences()).toEqual(["the start is under way"]);
    readiness.started();
    expect(await sentences()).toEqual([]);
  });

  it("says too what it has already, and lost again", async () => {
    const {readiness, reasons} = aReadiness();
    readiness.needs(aNeed("STORE_UNWRITABLE", async () => false));
    expect(await reasons()).toEqual(["STARTING", "STORE_UNWRITABLE"]);
  });
});

describe("a role that runs", () => {
  it.each<{id: string; isMet: Need["isMet"]; expected: ReadinessReason[]}>([
    {id: "is there", isMet: async () => true, expected: []},
    {id: "is away", isMet: async () => false, expected: ["BUS_UNREACHABLE"]},
    {id: "cannot be asked", isMet: () => Promise.reject(new Error("no")), expected: ["BUS_UNREACHABLE"]},
    {id: "never answers", isMet: () => new Promise(() => {}), expected: ["BUS_UNREACHABLE"]},
  ])("says whether what it needs $id", async ({isMet, expected}) => {
    const {readiness, reasons} = aReadiness();
    readiness.started();
    readiness.needs(aNeed("BUS_UNREACHABLE", isMet));
    expect(await reasons()).toEqual(expected);
  });

  it("gives every reason, by number, and looks once for all who ask at the same time", async () => {
    const {readiness, reasons} = aReadiness();
    let looked = 0;
    readiness.started();
    readiness.needs(aNeed("ORACLES_OLD", async () => false));
    readiness.needs(aNeed("BUS_UNREACHABLE", async () => ++looked < 0));
    expect(await Promise.all([reasons(), reasons()])).toEqual(Array(2).fill(["BUS_UNREACHABLE", "ORACLES_OLD"]));
    expect(looked).toBe(1);
  });

  it("is not ready from when it is to stop, whatever it still has", async () => {
    const {readiness, reasons, stop} = aReadiness();
    readiness.started();
    readiness.needs(aNeed("BUS_UNREACHABLE", async () => false));
    stop();
    expect(await reasons()).toEqual(["STOPPING"]);
  });
});
