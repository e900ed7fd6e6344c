import {expect, it} from "vitest";
import {StreamsEnv} from "../../../src/cli/env/administratorEnv.js";
import {AggregatorEnv} from "../../../src/cli/env/aggregatorEnv.js";
import {DemoEnv} from "../../../src/cli/env/demoEnv.js";
import {describeEnv} from "../../../src/cli/env/describeEnv.js";
import {GatewayEnv} from "../../../src/cli/env/gatewayEnv.js";
import {OperatorEnv} from "../../../src/cli/env/operatorEnv.js";
import {RelayerEnv} from "../../../src/cli/env/relayerEnv.js";
import {commonEnv, storeEnv} from "../../../src/cli/env/sharedEnv.js";
import {SidecarEnv} from "../../../src/cli/env/sidecarEnv.js";

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

it("names the secrets of every role as such", () => {
  const all = Object.entries({...commonEnv, ...storeEnv});
  const secrets = all.filter(([, field]) => (field as {secret?: boolean}).secret).map(([name]) => name);
  expect(secrets).toEqual(["NATS_URL", "MONGODB_URL"]);
});
