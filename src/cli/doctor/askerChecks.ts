import type {Static} from "typebox";
import {loadViewers} from "../../console/loadViewers.js";
import {operatorDurable} from "../../messaging/topology.js";
import type {ConfiguredOracles} from "../../oracles/liveOracles.js";
import type {Participants} from "../../participants/participants.js";
import {countText} from "../../runtime/countText.js";
import {userPath} from "../../runtime/userPath.js";
import type {ConsoleEnv} from "../env/consoleEnv.js";
import type {OperatorEnv} from "../env/operatorEnv.js";
import {findAsker} from "../opening/findAsker.js";
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
} from "./bus.js";
import {type Check, type Part, toCheck} from "./check.js";
import {checkpointChecks} from "./checkpointChecks.js";
import type {Context} from "./context.js";
import {participantsCheck, participantsPart, stateFileCheck} from "./files.js";
import {nodeChecks} from "./nodes.js";
import {oraclesCheck, oraclesPart} from "./oracles.js";
import {relayerCheck} from "./relayerCheck.js";

/** What the console needs. */
export async function consoleChecks(context: Context<Static<typeof ConsoleEnv>>): Promise<Check[]> {
  const {CONSOLE_TOKENS_FILE: tokens} = context.config;
  const participants = participantsPart(context);
  const find = (all: Participants, nkey: string): Member => ({participant: findAsker(all, nkey), nkey});
  const seed = seedPart("console", participants, {...context, find});
  const bus = busPart("console", seed, participants, context);
  return [
    participantsCheck(participants),
    ...(tokens === undefined
      ? []
      : [
          toCheck("CONSOLE_TOKENS_FILE", async () =>
            countText((await loadViewers(userPath(tokens, context.env))).length, "token"),
          ),
        ]),
    seedCheck(seed),
    busCheck(bus),
    participantsStreamCheck(bus),
    relayerCheck(bus),
  ];
}

/** What an operator's checks depend on. */
export type OperatorParts = {readonly participants: Part<Participants>; readonly oracles: Part<ConfiguredOracles>};

/** What `dvt operator request` needs, and more that depends on the same. */
export async function operatorChecks(
  context: Context<Static<typeof OperatorEnv>>,
  moreOf: (parts: OperatorParts) => Promise<readonly Check[]> = async () => [],
): Promise<Check[]> {
  const {config} = context;
  const oracles = oraclesPart(context);
  const {OPERATOR_ID: id} = config;
  const who = `operator-${id}`;
  const participants = participantsPart(context);
  const find = ({operators}: Participants): Member => ({participant: who, nkey: operators.find((it) => it.id === id)?.nkey});
  const seed = seedPart(who, participants, {...context, find});
  const bus = busPart(who, seed, participants, context);
  const consumers: Consumers = {stream: "COMPLETIONS", durables: () => [operatorDurable(id)]};
  const isCounting = config.CONSENSUS_ENDPOINT === undefined && config.EXECUTION_ENDPOINT !== undefined;
  return [
    participantsCheck(participants),
    ...(areOraclesFollowed(config) ? checkpointChecks([], context) : []),
    ...(isCounting ? [stateFileCheck("REGISTRY_CHECKPOINT_FILE", config.REGISTRY_CHECKPOINT_FILE, context)] : []),
    seedCheck(seed),
    busCheck(bus),
    participantsStreamCheck(bus),
    ...consumersChecks(who, bus, consumers),
    oraclesCheck(context, oracles),
    relayerCheck(bus),
    ...nodeChecks(context),
    ...(await moreOf({participants, oracles})),
  ];
}
