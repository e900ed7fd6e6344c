import type {Registry} from "prom-client";
import {addCollected, type Collected, type Sample} from "./addCollected.js";

/** A need of the role, and whether it is met. */
export type KnownNeed = {readonly reason: string; readonly participant?: string; readonly isMet: boolean};

/** What is asked at each scrape. */
export type ReadinessSource = {
  look(): Promise<readonly KnownNeed[]>;
  findReasons(): Promise<readonly unknown[]>;
};

const gauges = [
  {name: "dvt_ready", help: "1 if the role takes messages, 0 if not: /readyz says why"},
  {name: "dvt_bus_connected", help: "1 if NATS answers, by participant", labelNames: ["participant"]},
  {name: "dvt_store_connected", help: "1 if MongoDB answers and accepts writes"},
] as const satisfies readonly Collected[];

/** Adds whether the role is ready, and what it is connected to. */
export function addReadiness(registry: Registry, {look, findReasons}: ReadinessSource): void {
  addCollected(registry, gauges, {
    async collect() {
      const [needs, reasons] = await Promise.all([look(), findReasons()]);
      return [{name: "dvt_ready", value: reasons.length === 0 ? 1 : 0}, ...needs.flatMap(toSample)];
    },
  });
}

function toSample({reason, participant = "", isMet}: KnownNeed): Sample[] {
  const value = isMet ? 1 : 0;
  if (reason === "BUS_UNREACHABLE") return [{name: "dvt_bus_connected", labels: {participant}, value}];
  if (reason === "STORE_UNWRITABLE") return [{name: "dvt_store_connected", value}];
  return [];
}
