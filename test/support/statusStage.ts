import type {Presence} from "../../schemas/presence.js";
import {presence} from "../../schemas/presence.js";
import {networks} from "../../src/consensus/networks.js";
import {answerQueries} from "../../src/messaging/answerQueries.js";
import {publishOnce} from "../../src/messaging/publishOnce.js";
import {fixedOracles} from "../../src/oracles/liveOracles.js";
import {createPresenceReader} from "../../src/presence/followPresence.js";
import {askStatus} from "../../src/status/askStatus.js";
import {createReplies} from "../../src/status/createReplies.js";
import type {StatusSources} from "../../src/status/sources.js";
import {createExitViews} from "../../src/store/exitViews.js";
import {createRequestViews} from "../../src/store/requestViews.js";
import {aPresence} from "./examples/messages.js";
import {silent} from "./servers.js";
import {createStage, type Dealt, type Stage} from "./stage.js";

/** A stage whose relayer answers questions, and what its participants say about themselves. */
export async function createStatusStage(options: Parameters<typeof createStage>[0] = {}) {
  const stage = await createStage(options);
  const {relayer, db, requests, deposits, oracleSet} = stage;
  const network = networks.hoodi;
  const sightings = createPresenceReader(relayer.bus, {network: network.name, logger: silent});
  let aheadMs = 0;
  const sources: StatusSources = {
    network,
    clusters: relayer.clusters,
    oracles: fixedOracles(oracleSet),
    oraclesFact: () => ({oracles: {config_hash: oracleSet.configHash, since: 1, source: "file"}}),
    sightings,
    requests,
    requestViews: createRequestViews(db, network, {logger: silent, mayAsk: () => true}),
    exitViews: createExitViews(db, network, silent),
    deposits,
    bus: relayer.bus,
    clock: {now: () => Date.now() + aheadMs, isOwnRight: () => true},
  };
  const answering = answerQueries(relayer.bus, {...createReplies(sources), logger: silent});
  await relayer.bus.connection.flush();
  return {
    ...stage,
    sources,
    answering,
    askAs: async (participant: string) => askStatus(await stage.busOf(participant)),
    /** A share index says this about itself. */
    async appear(shareIndex: number, says: Partial<Presence> = {}): Promise<void> {
      const participant = `sidecar-c1-${shareIndex}`;
      const head = {participant, cluster_id: "c1", share_index: shareIndex, said_at: Date.now()};
      const saying = aPresence({...head, ...says});
      await publishOnce(await stage.busOf(participant), presence, saying, 2000);
      await sightings.read();
    },
    /** From now on the bus's clock is ahead by this. */
    ahead(ms: number): void {
      aheadMs = ms;
    },
    exitOf: (of: number, validatorIndex = 1000 + of) => ({
      network,
      publicKey: (stage.dealt[of] as Dealt).publicKeyHex,
      validatorIndex,
    }),
  };
}
export type StatusStage = Awaited<ReturnType<typeof createStatusStage>>;

/** What the aggregator stores of the shares of an exit. */
export const storeShares = (
  {exits, oracleSet}: Pick<Stage, "exits" | "oracleSet">,
  exit: Parameters<Stage["exits"]["find"]>[0],
  shareIndexes: readonly number[],
  cameAt: number,
) =>
  exits.write(
    [
      {
        exit,
        clusterId: "c1",
        shares: new Map(shareIndexes.map((shareIndex) => [shareIndex, new Uint8Array(98).fill(1)])),
        came: new Map(shareIndexes.map((shareIndex) => [shareIndex, cameAt])),
      },
    ],
    oracleSet.configHash,
    cameAt,
  );

/** What the aggregator stores of the result of an exit. */
export const storeResult = (
  {exits, oracleSet}: Pick<Stage, "exits" | "oracleSet">,
  exit: Parameters<Stage["exits"]["find"]>[0],
  now: number,
  came: readonly number[] = [1, 2, 3],
) =>
  exits.write(
    [
      {
        exit,
        clusterId: "c1",
        came: new Map(came.map((shareIndex) => [shareIndex, now])),
        result: {
          public_keys: [`0x${"01".repeat(48)}`],
          encrypted_exit_signatures: [`0x${"cd".repeat(97 + 96)}`],
          aggregator_signature: `${"A".repeat(86)}==`,
        },
      },
    ],
    oracleSet.configHash,
    now,
  );
