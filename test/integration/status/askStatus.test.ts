import {expect, it} from "vitest";
import {answerQueries} from "../../../src/messaging/answerQueries.js";
import {createPresenceReader} from "../../../src/presence/followPresence.js";
import {askStatus} from "../../../src/status/askStatus.js";
import {createReplies} from "../../../src/status/createReplies.js";
import {silent} from "../../support/servers.js";
import {createStage} from "../../support/stage.js";

/** A relayer that answers, and somebody who asks. */
async function createAsked(participant: string) {
  const stage = await createStage();
  const {relayer} = stage;
  const sightings = createPresenceReader(relayer.bus, {network: "hoodi", logger: silent});
  const replies = createReplies({...relayer, sightings, oraclesFact: () => ({})});
  const answering = answerQueries(relayer.bus, {...replies, logger: silent});
  await relayer.bus.connection.flush();
  return {stage, sightings, answering, status: askStatus(await stage.busOf(participant))};
}

it.each([
  {participant: "admin", clusters: ["c1", "c2"]},
  {participant: "viewer-v-1", clusters: ["c1", "c2"]},
  {participant: "operator-op-2", clusters: ["c1", "c2"]},
  {participant: "operator-op-1", clusters: ["c1"]},
])("tells $participant of $clusters", async ({participant, clusters}) => {
  const {status} = await createAsked(participant);
  const answer = await status.status({});
  expect(answer.clusters.map(({cluster_id}) => cluster_id)).toEqual(clusters);
  expect(answer.streams.length > 0).toBe(!participant.startsWith("operator"));
});
