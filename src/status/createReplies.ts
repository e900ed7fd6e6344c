import type {Reply} from "../../schemas/answer.js";
import type {Question} from "../../schemas/query.js";
import type {Status} from "../../schemas/status.js";
import {rememberFor} from "../runtime/rememberFor.js";
import {cutStatus} from "./cutStatus.js";
import {readBusState} from "./readBusState.js";
import {readDeadLetters} from "./readDeadLetters.js";
import {readExit} from "./readExit.js";
import {readExits} from "./readExits.js";
import {readNamedExits} from "./readNamedExits.js";
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
/** Consumers are many, and each is asked about. */
const busRememberedMs = 5000;
const factor = 20;

/** Replies from these sources. One reading of the status serves everybody. */
export function createReplies(sources: StatusSources): Replies {
  const {bus, clock} = sources;
  const busState = rememberFor(busRememberedMs, () => readBusState(bus, clock.now()), {factor});
  const status = rememberFor(rememberedMs, () => readStatus(sources, busState), {factor});

  return {
    status,
    async reply(participant, question) {
      const sight = sightOf(sources, participant);
      switch (question.kind) {
        case "status":
          return {
            kind: "status",
            status: cutStatus(restrictStatus(await status(), {participant, sight, clusterId: question.cluster_id})),
          };
        case "exits":
          return {kind: "exits", page: await readExits(sources, sight, question)};
        case "named_exits":
          return {kind: "exits", page: await readNamedExits(sources, sight, question)};
        case "exit": {
          const exit = await readExit(sources, sight, question);
          return {kind: "exit", ...(exit && {exit})};
        }
        case "dead_letters":
          return {kind: "dead_letters", page: await readDeadLetters(sources, sight, question)};
      }
    },
  };
}
