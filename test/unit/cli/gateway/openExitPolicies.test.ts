import {rmSync} from "node:fs";
import {expect, it} from "vitest";
import {openExitPolicies} from "../../../../src/cli/gateway/openExitPolicies.js";
import type {Clusters} from "../../../../src/clusters/clusters.js";
import {networks} from "../../../../src/consensus/networks.js";
import type {Policy} from "../../../../src/policy/policy.js";
import {createShutdown} from "../../../../src/runtime/shutdown.js";
import {createWaitFor} from "../../../../src/runtime/waitFor.js";
import {exitOf} from "../../../support/exitLog.js";
import {useFolder} from "../../../support/files.js";
import {aLogger} from "../../../support/logger.js";

const folder = useFolder();
const now = 1_800_000_000_000;
const [ofC1, ofC2, more] = ["11", "22", "12"].map((byte) => exitOf(`0x${byte.repeat(48)}`, 7)) as [Exit, Exit, Exit];
type Exit = ReturnType<typeof exitOf>;
const clusters = {
  byPublicKey: (publicKey: string) => ({cluster: {id: publicKey.startsWith("0x1") ? "c1" : "c2"}}),
} as unknown as Clusters;

/** As a gateway opens it that speaks for sidecars of these clusters and allows one exit an hour. */
async function open(path: string, clusterIds: readonly string[]) {
  const {logger} = aLogger();
  const shutdown = createShutdown({onError: () => {}});
  const config = {NETWORK: "hoodi", GATEWAY_STATE_FILE: path, EXITS_PER_HOUR: "1", ALLOW_ACTIVE_VALIDATORS: "false"};
  const policyOf = await openExitPolicies({
    clusterIds,
    clusters,
    network: networks.hoodi,
    depositRules: {withdrawalAddressOf: () => undefined},
    config: config as never,
    env: {},
    now,
    logger,
    shutdown,
    waitFor: createWaitFor({patienceMs: 0, signal: shutdown.signal, logger}),
  });
  return {policyOf, stop: shutdown.stop};
}
const decide = async (policy: Policy | undefined, exit: Exit): Promise<unknown> =>
  policy?.decide(exit, now).then(
    ({outcome}) => outcome,
    ({code}) => code,
  );

it("counts the exits of each cluster separately, also after a restart, and only for clusters that it speaks for", async () => {
  const path = folder.fresh();
  const first = await open(path, ["c1", "c2", "c1"]);
  expect(await decide(first.policyOf("c1"), ofC1)).toBe("sign");
  await first.stop();
  rmSync(`${path}.lock`, {force: true});

  const {policyOf, stop} = await open(path, ["c1", "c2"]);
  expect(await decide(policyOf("c1"), more)).toBe("RATE_LIMITED");
  expect(await decide(policyOf("c2"), ofC2)).toBe("sign");
  expect(policyOf("c3")).toBeUndefined();
  await stop();
});

it("opens no file when it speaks for no sidecar", async () => {
  const {policyOf} = await open("/nowhere/state.jsonl", []);
  expect(policyOf("c1")).toBeUndefined();
});
