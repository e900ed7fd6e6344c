import {join} from "node:path";
import {type ParticipantFiles, writeParticipants} from "../../src/sandbox/writeParticipants.js";

/** Who takes part in every stage, and the operators and share indexes of its clusters. */
export const cast = {
  network: "hoodi",
  operatorIds: ["op-1", "op-2"],
  viewerIds: ["v-1"],
  hasMonitor: true,
  clusters: [
    {id: "c1", definition: "lock.json", operatorIds: ["op-1", "op-2"], shareIndexes: [1, 2, 3, 4]},
    {id: "c2", definition: "lock.json", operatorIds: ["op-2"], shareIndexes: [1, 2, 3, 4]},
  ],
} as const;

/** Once for all stages: so many nkeys take longer than a nats-server takes to start. */
export const writeCast = (folder: string): Promise<ParticipantFiles> => writeParticipants(folder, cast);

/** What was written there. */
export const castIn = (folder: string): Pick<ParticipantFiles, "participantsFile" | "seedFile"> => ({
  participantsFile: join(folder, "participants.json"),
  seedFile: (participant) => join(folder, `${participant}.nkey`),
});
