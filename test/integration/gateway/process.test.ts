import {expect, it} from "vitest";
import {runGateway} from "../../../src/cli/gateway/runGateway.js";
import {networks} from "../../../src/consensus/networks.js";
import {exitCodeOf} from "../../../src/errors.js";
import {demoVault} from "../../../src/sandbox/makeCluster.js";
import {canary, startBeaconServer} from "../../support/beaconServer.js";
import {aDeposit, keyOf} from "../../support/examples/deposits.js";
import {vector} from "../../support/files.js";
import {managerEnv, seedsOf, startGatewayProcess} from "../../support/gatewayProcess.js";
import {createSystem} from "../../support/system.js";
import {post, send} from "../../support/testGateway.js";

const {private_key, address} = vector<{private_key: string; address: string}>("validators-manager.json");

it("runs as a process: speaks for the participants whose seeds it has, and ends on request", async () => {
  const system = await createSystem({validators: 1});
  const head = {validators: Array.from({length: 77}, (_, index) => keyOf(`validator ${index}`)), pending: []};
  const beacon = await startBeaconServer(networks.hoodi, head);
  const env = {
    GATEWAY_SEEDS_DIR: await seedsOf(system, "operator-op-1", "sidecar-c1-1"),
    NEXT_VALIDATOR_INDEX: "",
    CONSENSUS_ENDPOINT: beacon.url,
    ...(await managerEnv(private_key, "correct horse battery staple")),
  };
  const {url, ...child} = await startGatewayProcess(system, env);
  expect((await send(`${url}/readyz`)).body).toEqual({status: "ok"});
  await post(`${url}/validators`, {public_keys: system.publicKeys});
  const jsm = await system.bus.connection.jetstreamManager();
  const {data} = await jsm.streams.getMessage("REQUESTS", {last_by_subj: "dvt.v2.requests.hoodi.op-1"});
  expect(JSON.parse(new TextDecoder().decode(data))).toMatchObject({validators: [{validator_index: 77}]});
  expect((await send(`${url}/info`)).body).toEqual({network: "hoodi", validators_manager_address: address});
  const [key = ""] = system.publicKeys;
  beacon.setHead({...head, validators: [...head.validators, key], withdrawals: {[key]: demoVault}});
  const withdrawal = {vault: demoVault, public_keys: system.publicKeys, amounts: [5]};
  expect((await post(`${url}/withdraw`, withdrawal)).body).toEqual({
    validators_manager_signature: expect.stringMatching(/^0x[0-9a-f]{130}$/),
  });
  expect(await post(`${url}/withdraw`, {...withdrawal, amounts: [0]})).toMatchObject({
    status: 422,
    reason: expect.stringContaining("ALLOW_FULL_EXITS"),
  });
  beacon.setHead({...head, pending: [aDeposit(networks.hoodi, "somebody else's")]});
  await post(`${url}/validators`, {public_keys: system.publicKeys});
  const next = await jsm.streams.getMessage("REQUESTS", {last_by_subj: "dvt.v2.requests.hoodi.op-1"});
  expect(JSON.parse(new TextDecoder().decode(next.data))).toMatchObject({validators: [{validator_index: 78}]});
  expect(child.output()).not.toContain(canary);
  child.process.kill("SIGTERM");
  expect(await child.ended).toBe(0);

  const {CONSENSUS_ENDPOINT: _, ...withoutIndex} = env;
  const quiet = {...system.env, LOG_LEVEL: "error"};
  const withIndex = {...quiet, ...env};
  const refused = [
    {...withIndex, GATEWAY_HOST: "0.0.0.0"},
    {...quiet, ...withoutIndex},
    {...quiet, ...withoutIndex, GATEWAY_SEEDS_DIR: await seedsOf(system, "sidecar-c1-1")},
    {...withIndex, GATEWAY_SEEDS_DIR: await seedsOf(system, "relayer")},
  ];
  for (const one of refused) expect(exitCodeOf(await runGateway({verify: true}, one).catch((error) => error))).toBe(78);
});
