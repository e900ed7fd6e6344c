import {readFile} from "node:fs/promises";
import {requestExits} from "../../../src/client/requestExits.js";
import {networks} from "../../../src/consensus/networks.js";
import {type Bus, connectBus} from "../../../src/messaging/connect.js";
import {toIdentity} from "../../../src/messaging/identity.js";
import {operatorDurable} from "../../../src/messaging/topology.js";
import {waitUntilAlone} from "../../../src/messaging/waitUntilAlone.js";
import {fixedOracles} from "../../../src/oracles/liveOracles.js";
import {loadOracleSet} from "../../../src/oracles/oracleSet.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {createLogger} from "../../../src/runtime/logger.js";
import type {Answer, Ask, OperatorConfig} from "./operatorMessages.js";

/** The operator as a process of its own, so that what it uses is counted for itself: asks as its parent tells it to. */
const config = JSON.parse(process.argv[2] ?? "") as OperatorConfig;
const network = networks.hoodi;
const participants = await loadParticipants(config.participantsFile, network.name);
const oracleSet = await loadOracleSet(config.oraclesFile);
const logger = createLogger({role: "operator", level: "warn", format: "plain"});
const identity = toIdentity(`operator-${config.operatorId}`, await readFile(config.seedFile, "utf8"));
const bus = await connectBus({url: config.natsUrl, identity, participants, logger});

/** The same bus, which tells when something is published. */
function withPublishing(onPublish: () => void): Bus {
  const js: Bus["js"] = Object.create(bus.js);
  js.publish = (...message) => {
    onPublish();
    return bus.js.publish(...message);
  };
  return {...bus, js};
}

async function answer({validators, timeoutMs}: Ask): Promise<Answer> {
  const calledAt = performance.now();
  let publishedAt: number | undefined;
  const completedAt: number[] = [];
  const outcome = await requestExits({
    bus: withPublishing(() => {
      publishedAt ??= performance.now();
    }),
    network,
    operatorId: config.operatorId,
    aggregatorNkey: participants.aggregator.nkey,
    oracles: fixedOracles(oracleSet),
    validators,
    timeoutMs,
    resendAfterMs: 60_000,
    signal: new AbortController().signal,
    logger,
    onProgress: ({completed}) => {
      if (completed) completedAt.push(performance.now());
    },
  });
  const wholeMs = performance.now() - calledAt;
  const problems = [
    ...(outcome.missing.length > 0 ? [`${outcome.missing.length} exits are missing`] : []),
    ...outcome.rejected.map(({code, reason}) => `${code}: ${reason}`).slice(0, 3),
  ];
  return {completedMs: completedAt.map((at) => at - (publishedAt ?? calledAt)), wholeMs, problems};
}

/** For some seconds the server may still count the pulls of the call before as somebody who waits: that is no part of the time. */
async function answerAlone(ask: Ask): Promise<Answer> {
  const durable = operatorDurable(config.operatorId);
  const onlyOne = {stream: "COMPLETIONS", durable, who: identity.participant, inUse: "OPERATOR_ID_IN_USE"} as const;
  await waitUntilAlone(bus, {...onlyOne, logger, signal: new AbortController().signal});
  return answer(ask);
}

process.on("message", (ask: Ask) => {
  answerAlone(ask).then(
    (answered) => process.send?.(answered),
    (error: unknown) => process.send?.({completedMs: [], wholeMs: 0, problems: [String(error)]} satisfies Answer),
  );
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
process.send?.("ready");
