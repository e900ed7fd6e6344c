import {randomUUID} from "node:crypto";
import {join} from "node:path";
import {expect, it} from "vitest";
import {exitBatch} from "../../../schemas/exitBatch.js";
import {exitShare} from "../../../schemas/exitShare.js";
import {startAggregator} from "../../../src/aggregator/startAggregator.js";
import {publish} from "../../../src/messaging/publish.js";
import {startRelayer} from "../../../src/relayer/startRelayer.js";
import {aMessageCount} from "../../support/aMessageCount.js";
import {anEntry} from "../../support/aRequest.js";
import {temporaryFolder} from "../../support/servers.js";
import {signBatch} from "../../support/signBatch.js";
import {aShare, createStage} from "../../support/stage.js";
import {startTestSidecar} from "../../support/startTestSidecar.js";
import {shutdownOfTest} from "../../support/testGateway.js";

it("are counted by each role in its own registry: handled and refused messages, and each exit in them", async () => {
  const stage = await createStage();
  const [relayer, sidecar, aggregator] = [aMessageCount(), aMessageCount(), aMessageCount()];
  const shutdown = shutdownOfTest();
  await startRelayer({...stage.relayer, counts: relayer.counts}, shutdown);
  await startAggregator({...stage.aggregator, counts: aggregator.counts}, shutdown);
  await startTestSidecar(stage, join(await temporaryFolder(), "1"), {counts: sidecar.counts});

  const batch = await signBatch(stage, {
    network: "hoodi",
    operator_id: "op-1",
    batch_id: randomUUID(),
    requested_at: Date.now(),
    validators: [0, 1].map((of) => anEntry(stage, {of, validatorIndex: 1000 + of})),
  });
  await publish(await stage.busOf("operator-op-1"), exitBatch, batch);
  await expect.poll(() => relayer.read("handled")).toEqual([{labels: {stream: "REQUESTS", outcome: "claimed"}, value: 1}]);
  await expect.poll(() => sidecar.read("handled")).toEqual([{labels: {stream: "EXIT_REQUESTS", outcome: "signed"}, value: 2}]);
  await expect
    .poll(() => aggregator.read("handled"))
    .toEqual([{labels: {stream: "EXIT_SHARES", outcome: "collecting"}, value: 2}]);

  const share = {...aShare(stage, {shareIndex: 2}), encrypted_signatures: `0x${"ab".repeat(200)}`};
  await publish(await stage.busOf("sidecar-c1-2"), exitShare, share);
  await expect.poll(async () => (await aggregator.read("refused")).map(({labels}) => labels["stream"])).toEqual(["EXIT_SHARES"]);
  expect([await relayer.read("refused"), await sidecar.read("refused")]).toEqual([[], []]);
});
