import type {ExitStory} from "../../../schemas/status.js";

/** Something that happened to an exit. */
export type ExitEvent = {readonly ms: number; readonly what: string};

/** What happened to the exit, the earliest first; of two at the same time the one that led to the other. */
export function eventsOf(story: ExitStory): ExitEvent[] {
  const {requesters, opened_at, issued_at, reissued_at, issues, shares, refusals, needs} = story;
  const {threshold_at, completed_at, published_at, superseded_at, superseded_by} = story;
  const event = (ms: number | undefined, what: string): ExitEvent[] => (ms === undefined ? [] : [{ms, what}]);
  const wasOpenedLater = requesters.every(({requested_at}) => requested_at !== opened_at);
  return [
    ...requesters.map(({operator_id, requested_at, order_id}) => ({
      ms: requested_at,
      what: `asked for by ${operator_id}, order ${order_id.slice(0, 10)}`,
    })),
    ...(wasOpenedLater ? event(opened_at, "open at the relayer") : []),
    ...event(issued_at, "sent to the sidecars"),
    ...event(reissued_at, `sent to the sidecars again${issues === undefined ? "" : `, ${issues} times in all`}`),
    ...shares.map(({share_index, at}) => ({ms: at, what: `share of share index ${share_index}`})),
    ...refusals.flatMap(({share_index, at, code}) => event(at, `share index ${share_index} refuses: ${code}`)),
    ...event(threshold_at, `enough shares: ${needs} are needed`),
    ...event(completed_at, "complete: result written"),
    ...event(published_at, "result published"),
    ...requesters.flatMap(({operator_id, taken_at}) => event(taken_at, `result taken by ${operator_id}`)),
    ...event(superseded_at, `superseded${superseded_by === undefined ? "" : ` by index ${superseded_by}`}`),
  ].sort((a, b) => a.ms - b.ms);
}
