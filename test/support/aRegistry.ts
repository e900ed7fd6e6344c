import {Registry} from "prom-client";

/** A registry without the metrics of Node.js, and the lines of values that it serves. */
export function aRegistry() {
  const registry = new Registry();
  const lines = async (): Promise<string[]> => (await registry.metrics()).split("\n").filter((line) => /^[a-z]/.test(line));
  return {registry, lines};
}
