import {createHash} from "node:crypto";
import {expect, it} from "vitest";
import type {Presence} from "../../../schemas/presence.js";
import {networks} from "../../../src/consensus/networks.js";
import {DvtError} from "../../../src/errors.js";
import {createPresences, type Presences} from "../../../src/gateway/presence/createPresences.js";
import type {Policy} from "../../../src/policy/policy.js";
import {createPresenceReader} from "../../../src/presence/followPresence.js";
import {createShutdown} from "../../../src/runtime/shutdown.js";
import {silent} from "../../support/servers.js";
import {ask, createStage, type Stage} from "../../support/stage.js";
import {testClock} from "../../support/startTestPresence.js";
import {pollAsSidecar, send, startTestGateway} from "../../support/testGateway.js";

const instance = "0a1b2c3d";
const startedAt = 1_000;

/** A gateway that asks sidecars who they are, and what it says as each of those whom it speaks for. */
async function startSeenGateway(stage: Stage, exitPolicy?: Policy) {
  const sha256 = createHash("sha256").update("one").digest();
  const tokens = [{sha256, caller: {as: "sidecar", clusterId: "c1", shareIndex: 1} as const}];
  let now = startedAt;
  let presences: Presences | undefined;
  const {url} = await startTestGateway(stage, {
    credentials: {tokens, jwtSecrets: []},
    shareIndexes: [1, 2],
    ...(exitPolicy && {exitPolicy}),
    watchOf(connections) {
      presences = createPresences({
        ...connections,
        self: {role: "gateway", instance, version: "0.0.0", loopDelayMs: () => 1},
        network: networks.hoodi,
        clock: {...testClock, now: () => now},
        oracles: () => ({}),
        hasTokens: true,
        logger: silent,
      });
      return presences;
    },
  });
  presences?.start(createShutdown({onError: () => {}}));
  const reader = createPresenceReader(stage.relayer.bus, {network: "hoodi", logger: silent});
  const untilSaid = (participant: string, said: Partial<Presence>) =>
    expect
      .poll(async () => {
        await reader.read();
        return reader.of(participant).map((it) => it.presence);
      })
      .toMatchObject([{role: "gateway", instance, ...said}]);
  const to = (at: number): void => {
    now = at;
  };
  return {url, presences: presences as Presences, untilSaid, to};
}

it("appears as one gateway, as its operators and as its sidecars, of which it says when they asked last and what they signed", async () => {
  const stage = await createStage();
  await ask(stage);
  const {url, presences, untilSaid, to} = await startSeenGateway(stage);
  await untilSaid("operator-op-1", {state: "runs"});
  to(200_000);
  await pollAsSidecar(url, stage, 1, "Bearer one");
  await untilSaid("sidecar-c1-1", {cluster_id: "c1", share_index: 1, asked_at: 200_000, signed: {count: 1, last_at: 200_000}});
  await untilSaid("sidecar-c1-2", {cluster_id: "c1", share_index: 2, asked_at: startedAt, signed: {count: 0}});
  const vault = `0x${"a1".repeat(20)}`;
  presences.keysLeft(vault, 9);
  await untilSaid("operator-op-1", {keys_left: [{vault, keys: 9}]});
});

it("says as each sidecar of a cluster what it cannot show them now, and what it refuses to show", async () => {
  const stage = await createStage();
  await ask(stage, {count: 2});
  let isAway = true;
  const [first] = stage.dealt;
  const decide: Policy["decide"] = async ({publicKey}) => {
    if (publicKey === first?.publicKeyHex) return {outcome: "refuse", code: "VALIDATOR_ACTIVE", reason: ""};
    if (isAway) throw new DvtError("CONSENSUS_UNAVAILABLE", "ask a beacon node: it is away");
    return {outcome: "sign"};
  };
  const {url, untilSaid} = await startSeenGateway(stage, {decide});
  const list = () => send(`${url}/exits`, {authorization: "Bearer one"});
  await list();
  const waits = [{code: "CONSENSUS_UNAVAILABLE", since: startedAt, exits: 1}];
  const refused = [{code: "VALIDATOR_ACTIVE", count: 1}];
  for (const index of [1, 2]) await untilSaid(`sidecar-c1-${index}`, {waits, refused});
  isAway = false;
  await list();
  for (const index of [1, 2]) await untilSaid(`sidecar-c1-${index}`, {waits: [], refused});
});
