import {expect, it} from "vitest";
import {
  AggregatorEnv,
  DemoEnv,
  describeEnv,
  GatewayEnv,
  OperatorEnv,
  RelayerEnv,
  SidecarEnv,
  StreamsEnv,
} from "../../../src/cli/env.js";

const schemas = {AggregatorEnv, DemoEnv, GatewayEnv, OperatorEnv, RelayerEnv, SidecarEnv, StreamsEnv};

it.each(Object.entries(schemas))("describes every variable of %s for --help", (_, schema) => {
  const lines = describeEnv(schema).split("\n");
  for (const [name, field] of Object.entries(schema.properties)) {
    const {description, default: fallback, secret} = field as {description: string; default?: string; secret?: boolean};
    const line = lines.find((it) => it.trim().startsWith(`${name} `)) ?? "";
    expect(line).toContain(description);
    if (fallback !== undefined) expect(line).toContain(`[${fallback}]`);
    if (secret) expect(line).toContain(`${name}_FILE`);
    expect(line.includes("(required)")).toBe(
      fallback === undefined && (schema.required as string[] | undefined)?.includes(name) === true,
    );
  }
});
