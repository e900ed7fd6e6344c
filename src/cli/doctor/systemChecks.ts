import type {Static} from "typebox";
import {aggregatorDurables, relayerDurables} from "../../messaging/topology.js";
import type {Participants} from "../../participants/participants.js";
import {countText} from "../../runtime/countText.js";
import type {AggregatorEnv} from "../env/aggregatorEnv.js";
import type {RelayerEnv} from "../env/relayerEnv.js";
import {openAggregatorKeys} from "../opening/openAggregatorKeys.js";
import {areOraclesFollowed} from "../opening/openOracles.js";
import {
  busCheck,
  busPart,
  type Consumers,
  consumersChecks,
  type Member,
  participantsStreamCheck,
  seedCheck,
  seedPart,
  streamsCheck,
} from "./bus.js";
import {type Check, createPart, partCheck} from "./check.js";
import {checkpointChecks} from "./checkpointChecks.js";
import {type Context, withCopies} from "./context.js";
import {definitionChecks, participantsCheck, participantsPart, stateFileCheck} from "./files.js";
import {nodeChecks} from "./nodes.js";
import {oraclesCheck} from "./oracles.js";
import {storeChecks} from "./store.js";

/** What the relayer needs. */
export async function relayerChecks(context: Context<Static<typeof RelayerEnv>>): Promise<Check[]> {
  const {config} = context;
  const find = ({relayer}: Participants): Member => ({participant: "relayer", nkey: relayer.nkey});
  const consumers: Consumers = {stream: "REQUESTS", durables: relayerDurables};
  const isCounting = areOraclesFollowed(config) && config.CONSENSUS_ENDPOINT === undefined;
  const participants = participantsPart(context);
  return [
    ...(await commonChecks("relayer", {context, participants, find, consumers, streams: streamsCheck})),
    ...(isCounting ? [stateFileCheck("REGISTRY_CHECKPOINT_FILE", config.REGISTRY_CHECKPOINT_FILE, context)] : []),
  ];
}

/** What the aggregator needs. */
export async function aggregatorChecks(context: Context<Static<typeof AggregatorEnv>>): Promise<Check[]> {
  const {config, env, shutdown} = context;
  const find = ({aggregator}: Participants): Member => ({participant: "aggregator", nkey: aggregator.nkey});
  const consumers: Consumers = {stream: "EXIT_SHARES", durables: aggregatorDurables};
  const participants = participantsPart(context);
  const keys = createPart("AGGREGATOR_PRIVATE_KEY_FILE", async (logger) => {
    const opened = await openAggregatorKeys((await participants.need()).aggregatorKeys, {config, env, logger});
    shutdown.onStop(() => opened.forEach((key) => void key.fill(0)));
    return opened;
  });
  return [
    ...(await commonChecks("aggregator", {context, participants, find, consumers, streams: participantsStreamCheck})),
    partCheck(keys, ({length}) => `${countText(length, "key")} of participants.json's encryption_keys`),
  ];
}

type CommonConfig = Omit<Static<typeof AggregatorEnv>, "AGGREGATOR_PRIVATE_KEY_FILE"> & {CONSENSUS_ENDPOINT?: string};
type Common = {
  readonly context: Context<CommonConfig>;
  readonly participants: ReturnType<typeof participantsPart>;
  readonly find: (participants: Participants) => Member;
  readonly consumers: Consumers;
  readonly streams: (part: ReturnType<typeof busPart>) => Check;
};

async function commonChecks(
  role: "relayer" | "aggregator",
  {context, participants, find, consumers, streams}: Common,
): Promise<Check[]> {
  const known = await participants.open().catch(() => undefined);
  const copied = {...context, config: await withCopies(context)};
  const seed = seedPart(role, participants, {...context, find});
  const bus = busPart(role, seed, participants, context);
  return [
    participantsCheck(participants),
    ...definitionChecks(known, copied),
    ...checkpointChecks(known?.clusters ?? [], context),
    seedCheck(seed),
    busCheck(bus),
    streams(bus),
    ...consumersChecks(role, bus, consumers),
    ...storeChecks(role, context),
    oraclesCheck(context),
    ...nodeChecks(context),
  ];
}
