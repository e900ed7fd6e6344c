import {readdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import type {Message} from "../../../schemas/defineMessage.js";
import {directMessages, messages as storedMessages} from "../../../schemas/messages.js";
import {toJsonSchema} from "../../../schemas/toJsonSchema.js";
import {readText} from "./document.js";

const messages: readonly Message[] = [...storedMessages, ...directMessages];
const folder = fileURLToPath(new URL("../../../schemas", import.meta.url));
const isMessage = (value: unknown): value is Message => typeof value === "object" && value !== null && "subject" in value;

describe("schemas/", () => {
  it("lists every message that one of its files defines", async () => {
    const names = readdirSync(folder).flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []);
    const modules: Record<string, unknown>[] = await Promise.all(names.map((name) => import(`../../../schemas/${name}.ts`)));
    const defined = modules.flatMap((module) => Object.values(module).filter(isMessage));
    expect(defined.map(({name}) => name).sort()).toEqual(messages.map(({name}) => name).sort());
  });
});

describe("schemas/json (npm run schemas)", () => {
  it("has a file for each message and no other", () => {
    expect(readdirSync(`${folder}/json`).sort()).toEqual(messages.map(({name}) => `${name}.schema.json`).sort());
  });

  it.each(messages.map((message) => [message.name, message] as const))("has %s as it is", (name, message) => {
    expect(readText(`schemas/json/${name}.schema.json`)).toBe(toJsonSchema(message));
  });

  it.each(messages.map(({name}) => name))("has %s as plain JSON Schema", (name) => {
    const schema = JSON.parse(readText(`schemas/json/${name}.schema.json`));
    expect(schema).toMatchObject({$schema: "https://json-schema.org/draft/2020-12/schema", $id: `dvt.v2.${name}`});
  });
});
