import {expect, it} from "vitest";
import {commands} from "../../../src/cli/commands.js";
import {describeEnv} from "../../../src/cli/env/describeEnv.js";
import {commonEnv, storeEnv} from "../../../src/cli/env/sharedEnv.js";

const reading = commands.flatMap(({name, env}) => (env ? [{name, env}] : []));

it.each(reading)("describes every variable of $name for --help", ({env}) => {
  const lines = describeEnv(env).split("\n");
  for (const [name, field] of Object.entries(env.properties)) {
    const {description, default: fallback, secret} = field as {description: string; default?: string; secret?: boolean};
    const line = lines.find((it) => it.trim().startsWith(`${name} `)) ?? "";
    expect(line).toContain(description);
    if (fallback !== undefined) expect(line).toContain(`[${fallback}]`);
    if (secret) expect(line).toContain(`${name}_FILE`);
    expect(line.includes("(required)")).toBe(
      fallback === undefined && (env.required as string[] | undefined)?.includes(name) === true,
    );
  }
});

it("names the secrets of every role as such", () => {
  const all = Object.entries({...commonEnv, ...storeEnv});
  const secrets = all.filter(([, field]) => (field as {secret?: boolean}).secret).map(([name]) => name);
  expect(secrets).toEqual(["NATS_URL", "MONGODB_URL"]);
});
