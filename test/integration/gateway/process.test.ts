import {expect, it} from "vitest";
import {runDvt, startDvt} from "../../../src/demo/dvtProcess.js";
import {post, send} from "../../support/gateway.js";
import {seedsOf, startGatewayProcess} from "../../support/gatewayProcess.js";
import {createSystem} from "../../support/system.js";

it("runs as a process: speaks for those whose seeds it has, and ends when it is asked to", async () => {
  const system = await createSystem({validators: 1});
  const env = {
    GATEWAY_SEEDS_DIR: await seedsOf(system, "operator-op-1", "sidecar-c1-1"),
    NEXT_VALIDATOR_INDEX: "77",
  };
  const {url, ...child} = await startGatewayProcess(system, env);
  expect((await send(`${url}/readyz`)).body).toEqual({status: "ok"});
  await post(`${url}/validators`, {public_keys: system.publicKeys});
  const jsm = await system.bus.connection.jetstreamManager();
  const {data} = await jsm.streams.getMessage("REQUESTS", {last_by_subj: "dvt.v1.requests.hoodi.op-1"});
  expect(JSON.parse(new TextDecoder().decode(data))).toMatchObject({validators: [{validator_index: 77}]});
  child.process.kill("SIGTERM");
  expect(await child.ended).toBe(0);

  const {NEXT_VALIDATOR_INDEX: _, ...withoutIndex} = env;
  const withIndex = {...system.env, ...env};
  const refused = [
    startDvt(["gateway"], {...withIndex, GATEWAY_HOST: "0.0.0.0"}),
    startDvt(["gateway"], {...system.env, ...withoutIndex}),
    startDvt(["gateway"], {...withIndex, GATEWAY_SEEDS_DIR: await seedsOf(system, "relayer")}),
  ];
  expect(await Promise.all(refused.map(({ended}) => ended))).toEqual([78, 78, 78]);
  const help = await runDvt(["gateway", "--help"], {});
  expect(help).toContain("GATEWAY_SEEDS_DIR");
});
