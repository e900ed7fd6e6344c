import type {Reply} from "../../schemas/answer.js";
import type {Question} from "../../schemas/query.js";
import type {Status} from "../../schemas/status.js";
import {DvtError} from "../errors.js";
import {rememberFor} from "../runtime/rememberFor.js";
import {readStatus} from "./readStatus.js";
import {restrictStatus} from "./restrictStatus.js";
import {sightOf} from "./sight.js";
import type {StatusSources} from "./sources.js";

/** What a relayer replies to those who ask. */
export type Replies = {
  reply(participant: string, question: Question): Promise<Reply>;
  /** The whole status, remembered for a second or, if reading it takes long, for 20 times as long. */
  readonly status: () => Promise<Status>;
};

const rememberedMs = 1000;
const factor = 20;

/** Replies from these sources. One reading of the status serves everybody. */
export function createReplies(sources: StatusSources): Replies {
  const status = rememberFor(rememberedMs, () => readStatus(sources), {factor});

  return {
    status,
    async reply(participant, question) {
      const sight = sightOf(sources, participant);
      switch (question.kind) {
        case "status":
          return {kind: "status", status: restrictStatus(await status(), {participant, sight, clusterId: question.cluster_id})};
        default:
          throw new DvtError("BUS_UNAVAILABLE", `answer ${question.kind}: this relayer cannot yet`);
      }
    },
  };
}
