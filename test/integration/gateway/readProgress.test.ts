import {expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {createPollLogs} from "../../../src/gateway/caches/pollLogs.js";
import {createResults} from "../../../src/gateway/caches/results.js";
import type {Gateway} from "../../../src/gateway/gateway.js";
import {readProgress} from "../../../src/gateway/progress/readProgress.js";
import {silent} from "../../support/servers.js";
import {aDeposit, ask, createStage, type Dealt, depositIdOf, type Stage} from "../../support/stage.js";

/** The share indexes whose refusals count, of the first validator's exit and of its deposit. */
async function refusalsOf(stage: Stage): Promise<{exit: number[]; deposit: number[]}> {
  const {cluster, dealt, requests, exits, deposits, participants, relayer} = stage;
  const results = createResults({aggregatorNkey: participants.aggregator.nkey, ...createPollLogs(silent)});
  const gateway = {network: networks.hoodi, requests, exits, deposits, oracles: relayer.oracles, results} as unknown as Gateway;
  const [{validator}] = dealt as [Dealt];
  const [progress] = (await readProgress(gateway, [{cluster, validator}])).values();
  return {
    exit: [...(progress?.refusals.keys() ?? [])],
    deposit: [...(progress?.deposit?.refusals.keys() ?? [])],
  };
}

it("counts refusals of the latest order for the exit, and of the latest order for its deposit", async () => {
  const stage = await createStage();
  const {exits, deposits, oracleSet, dealt} = stage;
  const [{publicKeyHex: publicKey}] = dealt as [Dealt];
  const exit = {network: networks.hoodi, publicKey, validatorIndex: 1000};
  const refuse = async (shareIndex: number, requestedAt: number): Promise<void> => {
    const refusal = {requested_at: requestedAt, code: "KEY_NOT_ALLOWED", reason: "it is not listed"};
    await exits.addRefusal({exit, clusterId: "c1", shareIndex, refusal}, oracleSet.configHash);
    await deposits.write([{id: depositIdOf(stage), clusterId: "c1", shareIndex, refusal}], Date.now());
  };
  await ask(stage, {requestedAt: 1000, deposit: aDeposit()});
  await refuse(1, 1000);
  expect(await refusalsOf(stage)).toEqual({exit: [1], deposit: [1]});

  await ask(stage, {requestedAt: 2000, operatorId: "op-2"});
  await refuse(2, 2000);
  expect(await refusalsOf(stage)).toEqual({exit: [2], deposit: [1]});

  await ask(stage, {requestedAt: 3000, deposit: aDeposit()});
  expect(await refusalsOf(stage)).toEqual({exit: [], deposit: []});
});
