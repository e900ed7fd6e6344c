import {type TObject, Type} from "typebox";
import {describe, expect, it} from "vitest";
import {commands} from "../../../src/cli/commands.js";
import {operationRules} from "../../../src/cli/operator/manager/operationRules.js";
import {rotateRules} from "../../../src/cli/operator/rotate/rotateRules.js";
import {sidecarRules} from "../../../src/cli/sidecar/sidecarRules.js";
import {parseEnv} from "../../../src/runtime/env.js";
import {readText, rowsOf, sectionsOf} from "./document.js";

const roles = ["relayer", "sidecar", "aggregator", "gateway", "console"];
const envs = new Map<string, TObject>(commands.flatMap(({name, env}) => (env ? [[name, env]] : [])));

const field = (env: TObject, name: string): {default?: string; secret?: boolean} => env.properties[name] ?? {};
const isRequired = (env: TObject, name: string): boolean =>
  field(env, name).default === undefined && (env.required ?? []).includes(name);

/** The commands that a word stands for: one, or a group of them. */
const commandsNamed = (word: string): string[] => [...envs.keys()].filter((name) => name === word || name.startsWith(`${word} `));

/** Whose variables a section holds. What commands of several sections read is common. */
const owners: Readonly<Record<string, readonly string[]>> = {
  Relayer: ["relayer"],
  Sidecar: ["sidecar", "keys check"],
  Aggregator: ["aggregator"],
  Gateway: ["gateway"],
  Console: ["console"],
  Operator: ["operator"],
  Administrator: ["streams", "nats", "invite", "accept", "participants"],
  Demo: ["demo"],
};

describe("the variables of docs/configuration.md", () => {
  const section = sectionsOf(readText("docs/configuration.md"), 2).get("Variables") ?? "";
  const parts = sectionsOf(section, 3);
  const words = new Map([...section.matchAll(/^- \*(\w+)\*: (.*)\.$/gm)].map(([, word = "", text = ""]) => [word, text]));

  /** The commands that "read by" names: single ones, groups of them, or a word that is explained above the table. */
  function commandsOf(readBy: string): string[] {
    const [named = "", except = ""] = readBy.split(" except ");
    const names = named.replace(/^.*: /, "").split(", ");
    const found = names.flatMap((word) => {
      const explained = words.get(word);
      return explained === undefined ? commandsNamed(word) : commandsOf(explained);
    });
    return found.filter((name) => name !== except);
  }

  const rows = [...parts].flatMap(([part, text]) =>
    text.split(/^(?=Read by: )/m).flatMap((piece) => {
      const [, ofAll = part.toLowerCase()] = /^Read by: ([^.]*)\./.exec(piece) ?? [];
      return rowsOf(piece).map(([variable = "", fallback = "", meaning = "", readBy = ofAll]) => ({
        part,
        variable,
        fallback,
        meaning,
        readers: commandsOf(readBy),
      }));
    }),
  );

  it("are all variables, each once", () => {
    const all = new Set([...envs.values()].flatMap(({properties}) => Object.keys(properties)));
    expect(rows.map(({variable}) => variable).sort()).toEqual([...all].sort());
  });

  it.each(rows)("names who reads $variable, and nobody else", ({variable, readers}) => {
    const expected = [...envs].filter(([, {properties}]) => variable in properties).map(([name]) => name);
    expect(readers.sort()).toEqual(expected.sort());
  });

  it.each(rows)("has $variable under the one that reads it, or under what is common", ({part, readers}) => {
    const [owner] =
      Object.entries(owners).find(([, names]) => {
        const ofOwner = names.flatMap(commandsNamed);
        return readers.every((it) => ofOwner.includes(it));
      }) ?? [];
    expect(part).toBe(owner ?? "Common variables");
  });

  it.each(rows)("has the default of $variable, or that it is required", ({variable, fallback, meaning}) => {
    const reading = [...envs].filter(([, {properties}]) => variable in properties);
    const defaults = [...new Set(reading.map(([, env]) => field(env, variable).default))];
    expect(defaults).toHaveLength(1);
    const [value] = defaults;
    const optional = reading.filter(([, env]) => !isRequired(env, variable)).map(([name]) => name);
    if (value !== undefined) expect(fallback).toBe(`\`${value}\``);
    else if (optional.length === reading.length) expect(fallback).not.toMatch(/`|required/);
    else {
      expect(fallback).toBe("required");
      for (const name of optional) expect(meaning).toContain(`Optional for ${name}`);
    }
  });

  it.each(rows)("marks $variable as secret if it can come from a file", ({variable, meaning}) => {
    const secrets = [...envs.values()].filter(({properties}) => variable in properties).map((env) => field(env, variable).secret);
    expect([...new Set(secrets)]).toEqual([meaning.includes("*Secret.*") ? true : undefined]);
  });
});

/** The commands that read one example. */
const forVaults = ["register", "withdraw", "consolidate", "rotate", "vault"].map(
  (name) => envs.get(`operator ${name}`) as TObject,
);

/** The commands that have an example in docker/env, under the first word of their name; those for vaults have one together. */
const withExamples = [
  ...[...roles, "operator request"].map((name): [string, TObject] => [name.split(" ")[0] as string, envs.get(name) as TObject]),
  ["register", Type.Object(Object.assign({}, ...forVaults.map(({properties}) => properties)))] as [string, TObject],
];
const rulesOf: Readonly<Record<string, (values: object) => string[]>> = {
  sidecar: sidecarRules,
  register: (values) => [...operationRules(values), ...rotateRules(values)],
};

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
    expect(() => parseEnv(env, set, rulesOf[example])).not.toThrow();
  });

  it("has a comment or an assignment on every line", () => {
    for (const line of text.split("\n")) expect(line).toMatch(/^(#.*|[A-Z_]+=\S+)?$/);
  });
});
