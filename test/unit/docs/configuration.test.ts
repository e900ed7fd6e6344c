import type {TObject} from "typebox";
import {describe, expect, it} from "vitest";
import * as administrator from "../../../src/cli/env/administratorEnv.js";
import * as aggregator from "../../../src/cli/env/aggregatorEnv.js";
import * as demo from "../../../src/cli/env/demoEnv.js";
import * as gateway from "../../../src/cli/env/gatewayEnv.js";
import * as keyShares from "../../../src/cli/env/keyShareEnv.js";
import * as operator from "../../../src/cli/env/operatorEnv.js";
import * as relayer from "../../../src/cli/env/relayerEnv.js";
import * as sidecar from "../../../src/cli/env/sidecarEnv.js";
import {sidecarRules} from "../../../src/cli/sidecar/sidecarRules.js";
import {parseEnv} from "../../../src/runtime/env.js";
import {readText, rowsOf, sectionsOf, withoutBackticks} from "./document.js";

const sections = sectionsOf(readText("docs/configuration.md"), 3);

/** Which command reads it, and which file of docker/env is an example of it. */
const places: Record<string, {command: string; example?: string}> = {
  RelayerEnv: {command: "dvt relayer", example: "relayer"},
  SidecarEnv: {command: "dvt sidecar", example: "sidecar"},
  AggregatorEnv: {command: "dvt aggregator", example: "aggregator"},
  GatewayEnv: {command: "dvt gateway", example: "gateway"},
  OperatorEnv: {command: "dvt operator request", example: "operator"},
  StreamsEnv: {command: "dvt streams apply"},
  NatsConfigEnv: {command: "dvt nats config, dvt nats reload"},
  ClustersShowEnv: {command: "dvt clusters show"},
  ClustersMoveEnv: {command: "dvt clusters move"},
  DeadLettersEnv: {command: "dvt dead-letters list, drop"},
  DeadLettersRetryEnv: {command: "dvt dead-letters retry"},
  KeysCheckEnv: {command: "dvt keys check"},
  DemoEnv: {command: "dvt demo"},
};

const environments = {...administrator, ...aggregator, ...demo, ...gateway, ...keyShares, ...operator, ...relayer, ...sidecar};
const isEnv = (value: unknown): value is TObject => typeof value === "object" && value !== null && "properties" in value;
const envs: [string, TObject][] = Object.entries(environments).flatMap(([name, value]) => (isEnv(value) ? [[name, value]] : []));
const field = (env: TObject, name: string): {default?: string; secret?: boolean} => env.properties[name] ?? {};
const isRequired = (env: TObject, name: string): boolean =>
  field(env, name).default === undefined && (env.required ?? []).includes(name);

it("knows where every environment of src/cli/env is documented", () => {
  expect(envs.map(([name]) => name).sort()).toEqual(Object.keys(places).sort());
});

describe.each(envs)("%s in docs/configuration.md", (name, env) => {
  const rows = rowsOf(sections.get(places[name]?.command ?? "") ?? "");

  it("has one row for each variable", () => {
    expect(rows.map(([variable]) => variable).sort()).toEqual(Object.keys(env.properties).sort());
  });

  it("has the default of each, or that it is required", () => {
    for (const [variable = "", fallback = ""] of rows) {
      const {default: value} = field(env, variable);
      if (value !== undefined) expect(fallback, variable).toBe(`\`${value}\``);
      else if (isRequired(env, variable)) expect(fallback, variable).toBe("required");
      else expect(fallback, variable).not.toMatch(/`|required/);
    }
  });

  it("marks what may stand in a file as secret, and nothing else", () => {
    for (const [variable = "", , meaning = ""] of rows) {
      expect(meaning.includes("*Secret.*"), variable).toBe(field(env, variable).secret === true);
    }
  });

  it("gives examples that the command takes", () => {
    const example = Object.fromEntries(rows.map((row) => [row[0], withoutBackticks(row[3] ?? "")]));
    expect(() => parseEnv(env, example)).not.toThrow();
  });
});

const withExamples: [string, TObject][] = envs.flatMap(([name, env]) => {
  const {example} = places[name] ?? {};
  return example ? [[example, env]] : [];
});

describe.each(withExamples)("docker/env/%s.env.example", (example, env) => {
  const text = readText(`docker/env/${example}.env.example`);
  const assignments = [...text.matchAll(/^(#?)([A-Z_]+)=(.*)$/gm)].map(([, off, written = "", value = ""]) => {
    const secret = written.replace(/_FILE$/, "");
    const isInFile = written !== secret && field(env, secret).secret === true;
    return {off: off === "#", name: isInFile ? secret : written, value, isInFile};
  });

  it("holds every required variable", () => {
    const set = assignments.filter(({off}) => !off).map(({name}) => name);
    for (const name of Object.keys(env.properties).filter((it) => isRequired(env, it))) expect(set).toContain(name);
  });

  it("holds every other one too, set or commented out, and none that does not exist", () => {
    expect(assignments.map(({name}) => name).sort()).toEqual(Object.keys(env.properties).sort());
  });

  it("shows defaults in what is commented out", () => {
    for (const {name, value} of assignments.filter(({off, isInFile}) => off && !isInFile)) {
      // What has no default is commented out with an example, or nothing, behind it.
      const {default: fallback} = field(env, name);
      if (fallback !== undefined || isRequired(env, name)) expect(value, name).toBe(fallback);
    }
  });

  it("is taken by the command as it is", () => {
    // A secret in a file that is not here is as good as one that is.
    const set = Object.fromEntries(assignments.filter(({off}) => !off).map(({name, value}) => [name, value]));
    expect(() => parseEnv(env, set, env === environments.SidecarEnv ? sidecarRules : undefined)).not.toThrow();
  });

  it("has a comment or an assignment on every line", () => {
    for (const line of text.split("\n")) expect(line).toMatch(/^(#.*|[A-Z_]+=\S+)?$/);
  });
});
