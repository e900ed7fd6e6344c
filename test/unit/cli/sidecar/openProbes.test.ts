import {expect, it, onTestFinished} from "vitest";
import {SidecarEnv} from "../../../../src/cli/env/sidecarEnv.js";
import {openProbes} from "../../../../src/cli/sidecar/openProbes.js";
import {networks} from "../../../../src/consensus/networks.js";
import {parseEnv} from "../../../../src/runtime/env.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {startBeaconServer, type TestAnswer} from "../../../support/beaconServer.js";
import {aLogger} from "../../../support/logger.js";
import {silent} from "../../../support/servers.js";
import {aSigner, saying} from "../../../support/signer.js";

const now = () => 7;

async function probesOf(settings: Record<string, string>, logger = silent) {
  const env = {
    NETWORK: "hoodi",
    NATS_URL: "nats://127.0.0.1:4222",
    NATS_SEED_FILE: "/nowhere",
    PARTICIPANTS_FILE: "/nowhere",
    SIDECAR_STATE_FILE: "/nowhere",
    CLUSTER_TYPE: "OBOL",
    OBOL_NODE_INDEX: "0",
    ...settings,
  };
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  return openProbes({config: parseEnv(SidecarEnv, env), env, now, logger, shutdown});
}

const syncing = (data: object): TestAnswer => ({body: {data: {is_syncing: false, ...data}}});

it.each<{id: string; answer: TestAnswer; state: string}>([
  {id: "works", answer: undefined, state: "ok"},
  {id: "is syncing", answer: syncing({is_syncing: true, sync_distance: "70"}), state: "syncing"},
  {id: "is far behind", answer: syncing({sync_distance: "33"}), state: "syncing"},
  {id: "has not verified its head", answer: syncing({is_optimistic: true}), state: "syncing"},
  {id: "has lost its execution node", answer: syncing({el_offline: true}), state: "syncing"},
  {id: "fails", answer: {status: 503, body: {}}, state: "unavailable"},
  {id: "is no beacon node", answer: {body: "<html>"}, state: "unavailable"},
])("finds a beacon node $state that $id", async ({answer, state}) => {
  const beacon = await startBeaconServer(networks.hoodi);
  beacon.answerWith((path) => (path === "node/syncing" ? answer : undefined));
  const probes = await probesOf({CONSENSUS_ENDPOINT: beacon.url});
  await expect.poll(probes).toEqual({beacon: {state, since: 7}});
});

it("finds the best of several beacon nodes", async () => {
  const [away, behind] = [await startBeaconServer(networks.hoodi), await startBeaconServer(networks.hoodi)];
  away.answerWith(() => ({status: 503, body: {}}));
  behind.answerWith((path) => (path === "node/syncing" ? syncing({is_syncing: true}) : undefined));
  const probes = await probesOf({CONSENSUS_ENDPOINT: `${away.url},${behind.url}`});
  await expect.poll(probes).toEqual({beacon: {state: "syncing", since: 7}});
});

it.each([
  {id: "works", upcheck: saying(200, "OK"), state: "ok"},
  {id: "has no such route", upcheck: saying(404, ""), state: "ok"},
  {id: "refuses the token", upcheck: saying(401, ""), state: "unavailable"},
])("finds a signer $state that $id", async ({upcheck, state}) => {
  const signer = await aSigner({upcheck});
  const probes = await probesOf({REMOTE_SIGNER_URL: signer.url});
  await expect.poll(probes).toEqual({signer: {state, since: 7}});
});

it.each([
  {id: "beacon node", variable: "CONSENSUS_ENDPOINT"},
  {id: "remote signer", variable: "REMOTE_SIGNER_URL"},
])("logs once that a $id cannot be used, before anybody asks for an exit", async ({id, variable}) => {
  const {logger, logged} = aLogger();
  await probesOf({[variable]: "http://canary51d0@127.0.0.1:1/canary51d0"}, logger);
  await expect.poll(() => logged).toMatchObject([{msg: `the ${id} cannot be used, exits wait for it`}]);
  expect(JSON.stringify(logged)).not.toContain("canary51d0");
});

it("says nothing of what there is not", async () => {
  expect((await probesOf({}))()).toEqual({});
});
