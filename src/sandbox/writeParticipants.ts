import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {generatePrivateKey, publicKeyOf} from "../ecies/keys.js";
import {createSeed} from "../messaging/identity.js";
import {toHex} from "../runtime/hex.js";
import {writeKeyFile} from "../runtime/secretFile.js";

type Cast = {
  network: string;
  operatorIds: readonly string[];
  viewerIds?: readonly string[];
  hasMonitor?: boolean;
  clusters: readonly {id: string; definition: string; operatorIds: readonly string[]; shareIndexes: readonly number[]}[];
};

/** The files of everybody who takes part. */
export type ParticipantFiles = {
  participantsFile: string;
  aggregatorKeyFile: string;
  /** The nkey seed of a participant: relayer, aggregator, sidecar-<cluster_id>-<share_index>, operator-<operator_id>, viewer-<id>, monitor, admin. */
  seedFile(participant: string): string;
};

/** Makes everybody's keys and writes participants.json, all into one folder; real participants make their own. */
export async function writeParticipants(
  folder: string,
  {network, operatorIds, viewerIds = [], hasMonitor = false, clusters}: Cast,
): Promise<ParticipantFiles> {
  const seedFile = (participant: string): string => join(folder, `${participant}.nkey`);
  const nkeyOf = async (participant: string): Promise<string> => {
    const {seed, nkey} = createSeed();
    await writeKeyFile(seedFile(participant), seed);
    return nkey;
  };
  const aggregatorKeyFile = join(folder, "aggregator.key");
  const aggregatorKey = generatePrivateKey();
  await writeKeyFile(aggregatorKeyFile, toHex(aggregatorKey));
  const participants = {
    network,
    admin: {nkey: await nkeyOf("admin")},
    relayer: {nkey: await nkeyOf("relayer")},
    aggregator: {nkey: await nkeyOf("aggregator"), encryption_keys: [toHex(publicKeyOf(aggregatorKey))]},
    operators: await Promise.all(operatorIds.map(async (id) => ({id, nkey: await nkeyOf(`operator-${id}`)}))),
    ...(viewerIds.length > 0 && {
      viewers: await Promise.all(viewerIds.map(async (id) => ({id, nkey: await nkeyOf(`viewer-${id}`)}))),
    }),
    ...(hasMonitor && {monitor: {nkey: await nkeyOf("monitor")}}),
    clusters: await Promise.all(
      clusters.map(async ({id, definition, operatorIds: operators, shareIndexes}) => ({
        id,
        definition,
        operators,
        sidecars: await Promise.all(
          shareIndexes.map(async (share_index) => ({share_index, nkey: await nkeyOf(`sidecar-${id}-${share_index}`)})),
        ),
      })),
    ),
  };
  const participantsFile = join(folder, "participants.json");
  await writeFile(participantsFile, JSON.stringify(participants, undefined, 2));
  return {participantsFile, aggregatorKeyFile, seedFile};
}
