import {collectDefaultMetrics, Gauge, Registry} from "prom-client";

export type Metrics = ReturnType<typeof createMetrics>;

/** What runs in this process. */
export type Build = {
  readonly role: string;
  readonly version: string;
  /** Undefined if the build does not know it. */
  readonly commit: string | undefined;
};

/** The registry of a process. docs/configuration.md has a row for each name that begins with dvt_, and says which roles serve it. */
export function createMetrics({role, version, commit = ""}: Build) {
  const registry = new Registry();
  collectDefaultMetrics({register: registry});
  new Gauge({
    name: "dvt_build_info",
    help: "1, with the version, commit and role of the process as labels",
    labelNames: ["version", "commit", "role"],
    registers: [registry],
  }).set({version, commit, role}, 1);
  return {registry};
}
