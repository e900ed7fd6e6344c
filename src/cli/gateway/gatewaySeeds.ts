import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {Static} from "typebox";
import {DvtError} from "../../errors.js";
import {sidecarKeyOf} from "../../gateway/sidecarKey.js";
import type {Bus} from "../../messaging/connect.js";
import type {Participants} from "../../participants/participants.js";
import {unreadable} from "../../runtime/files.js";
import {userPath} from "../../runtime/userPath.js";
import type {GatewayEnv} from "../env/gatewayEnv.js";
import {connectAs} from "../opening/connectAs.js";
import {knowsRegistry} from "../opening/openRegistry.js";
import type {StartContext} from "../roleProcess.js";

type Config = Readonly<Static<typeof GatewayEnv>>;
type Seed = {participant: string; nkey: string; path: string} & ({operatorId: string} | {sidecarKey: string; clusterId: string});

/** The seeds in GATEWAY_SEEDS_DIR of participants that participants.json lists. CONFIG_INVALID if there are none, or operators have no index. */
export async function findSeeds(participants: Participants, config: Config, env: NodeJS.ProcessEnv): Promise<Seed[]> {
  const folder = userPath(config.GATEWAY_SEEDS_DIR, env);
  const names = await readdir(folder).catch((cause) => {
    throw unreadable(folder, "the folder of GATEWAY_SEEDS_DIR", cause);
  });
  if (names.length === 0) {
    throw new DvtError("FILE_MISSING", `read the folder of GATEWAY_SEEDS_DIR ${folder}: it is empty`);
  }
  const all = [
    ...participants.operators.map(({id, nkey}) => ({participant: `operator-${id}`, nkey, operatorId: id})),
    ...participants.clusters.flatMap(({id, sidecars}) =>
      sidecars.map(({shareIndex, nkey}) => ({
        participant: `sidecar-${id}-${shareIndex}`,
        nkey,
        clusterId: id,
        sidecarKey: sidecarKeyOf(id, shareIndex),
      })),
    ),
  ];
  const seeds = all
    .map((it): Seed => ({...it, path: join(folder, `${it.participant}.nkey`)}))
    .filter(({participant}) => names.includes(`${participant}.nkey`));
  if (seeds.length === 0) {
    throw new DvtError(
      "CONFIG_INVALID",
      `GATEWAY_SEEDS_DIR: ${folder} has no seed of an operator (operator-<id>.nkey) or a sidecar (sidecar-<cluster id>-<share index>.nkey) of participants.json`,
    );
  }
  if (seeds.some((seed) => "operatorId" in seed) && !knowsRegistry(config)) {
    throw new DvtError(
      "CONFIG_INVALID",
      "GATEWAY_SEEDS_DIR has an operator's seed, and its validators need an index: set CONSENSUS_ENDPOINT, EXECUTION_ENDPOINT or NEXT_VALIDATOR_INDEX",
    );
  }
  return seeds;
}

type ConnectOptions = StartContext & {participants: Participants; config: Config; env: NodeJS.ProcessEnv};
export type Connections = {operators: ReadonlyMap<string, Bus>; sidecars: ReadonlyMap<string, Bus>};

/** A connection for each participant, into its own account: the gateway can publish only what the participant may. */
export async function connectParticipants(
  seeds: readonly Seed[],
  {config, shutdown, waitFor, ...rest}: ConnectOptions,
): Promise<Connections> {
  const operators = new Map<string, Bus>();
  const sidecars = new Map<string, Bus>();
  for (const seed of seeds) {
    const bus = await connectAs(seed.participant, seed.nkey, {...rest, config: {...config, NATS_SEED_FILE: seed.path}, waitFor});
    shutdown.onStop(bus.close);
    if ("operatorId" in seed) operators.set(seed.operatorId, bus);
    else sidecars.set(seed.sidecarKey, bus);
  }
  rest.logger.info({participants: seeds.map(({participant}) => participant)}, "speaking for");
  return {operators, sidecars};
}

export const operatorIdsOf = (seeds: readonly Seed[]): string[] =>
  seeds.flatMap((seed) => ("operatorId" in seed ? [seed.operatorId] : []));

/** The cluster of each sidecar that the gateway speaks for. */
export const clusterIdsOf = (seeds: readonly Seed[]): string[] =>
  seeds.flatMap((seed) => ("clusterId" in seed ? [seed.clusterId] : []));
