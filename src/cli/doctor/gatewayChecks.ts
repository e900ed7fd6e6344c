import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import {sidecarOfKey} from "../../gateway/sidecarKey.js";
import {operatorDurable, sidecarDurable} from "../../messaging/topology.js";
import type {GatewayEnv} from "../env/gatewayEnv.js";
import {findSeeds, operatorIdsOf} from "../gateway/gatewaySeeds.js";
import {openCredentials} from "../gateway/openCredentials.js";
import {openManager} from "../gateway/openManager.js";
import {allowedKeysCheck} from "./allowedKeysCheck.js";
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
import {type Check, createPart, partCheck} from "./check.js";
import {checkpointChecks} from "./checkpointChecks.js";
import {type Context, withCopies} from "./context.js";
import {definitionChecks, participantsCheck, participantsPart, stateFileCheck} from "./files.js";
import {nodeChecks} from "./nodes.js";
import {oraclesCheck} from "./oracles.js";
import {storeChecks} from "./store.js";

type Config = Static<typeof GatewayEnv>;

/** What the gateway needs. */
export async function gatewayChecks(context: Context<Config>): Promise<Check[]> {
  const {config, env, shutdown} = context;
  const participants = participantsPart(context);
  const known = await participants.open().catch(() => undefined);
  const copied = {...context, config: await withCopies(context)};
  const seeds = createPart("GATEWAY_SEEDS_DIR", async () => findSeeds(await participants.need(), config, env));
  const found = (await seeds.open().catch(() => undefined)) ?? [];
  const credentials = createPart("who may ask", async (logger) =>
    openCredentials(await participants.need(), operatorIdsOf(await seeds.need()), {config, env, logger}),
  );
  const manager = createPart("validators manager", (logger) =>
    openManager({config, env, network: networks[config.NETWORK], logger, shutdown}),
  );
  const ofSeeds = found.map((seed) => {
    const own = {...context, config: {...config, NATS_SEED_FILE: seed.path}};
    const find = (): Member => seed;
    const opened = seedPart(seed.participant, participants, {...own, find});
    const bus = busPart(seed.participant, opened, participants, own);
    return {seed: opened, bus, who: seed.participant, consumers: consumersOf(seed)};
  });
  const [first] = ofSeeds;
  const showsExits = found.some((seed) => "clusterId" in seed);
  const counts = operatorIdsOf(found).length > 0 && (config.NEXT_VALIDATOR_INDEX ?? config.CONSENSUS_ENDPOINT) === undefined;
  const {ALLOWED_KEYS_FILE: allowedKeys} = config;
  return [
    participantsCheck(participants),
    ...definitionChecks(known, copied),
    ...checkpointChecks(known?.clusters ?? [], context),
    ...(showsExits ? [stateFileCheck("GATEWAY_STATE_FILE", config.GATEWAY_STATE_FILE, context)] : []),
    ...(counts ? [stateFileCheck("REGISTRY_CHECKPOINT_FILE", config.REGISTRY_CHECKPOINT_FILE, context)] : []),
    partCheck(seeds, (all) => `speaks for ${all.map(({participant}) => participant).join(", ")}`),
    ...ofSeeds.flatMap(({seed, bus, who, consumers}) => [
      seedCheck(seed),
      busCheck(bus),
      ...consumersChecks(who, bus, consumers),
    ]),
    ...(first ? [participantsStreamCheck(first.bus)] : []),
    partCheck(
      credentials,
      (opened) => (opened === undefined ? "everybody who reaches the gateway" : `whoever has one of its tokens or a JWT`),
      {asNotes: true},
    ),
    ...(config.VALIDATORS_MANAGER_KEY_FILE === undefined
      ? []
      : [partCheck(manager, (opened) => `its key opens: ${opened?.address}`)]),
    ...(allowedKeys === undefined ? [] : [allowedKeysCheck(allowedKeys, context)]),
    ...storeChecks("gateway", context),
    oraclesCheck(context),
    ...nodeChecks(context),
  ];
}

type Seed = Awaited<ReturnType<typeof findSeeds>>[number];

const consumersOf = (seed: Seed): Consumers =>
  "operatorId" in seed
    ? {stream: "COMPLETIONS", durables: () => [operatorDurable(seed.operatorId)]}
    : {stream: "EXIT_REQUESTS", durables: () => [sidecarDurable(seed.clusterId, sidecarOfKey(seed.sidecarKey).shareIndex)]};
