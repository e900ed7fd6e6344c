import type {ExitStory} from "../../../schemas/status.js";

/** Something that happened to an exit, or that it still waits for. */
export type ExitEvent = {
  readonly name: string;
  /** Undefined: not yet. */
  readonly at: number | undefined;
  readonly kind: "step" | "signed" | "refused" | "waiting" | "silent";
  /** More than the name says. */
  readonly note?: string | undefined;
};

/** The life of an exit: what it was asked for, each share index, and what became of it. */
export function eventsOf(story: ExitStory): ExitEvent[] {
  const {requesters, opened_at, issued_at, reissued_at, threshold_at, completed_at, published_at} = story;
  const who = requesters.map(({operator_id}) => operator_id).join(", ");
  const step = (name: string, at: number | undefined, note?: string): ExitEvent => ({name, at, kind: "step", note});
  const happened = (name: string, at: number | undefined, note?: string) => (at === undefined ? [] : [step(name, at, note)]);
  const isUnder = story.state === "open" || story.state === "complete";
  return [
    step("asked for", opened_at, who === "" ? undefined : `by ${who}`),
    ...happened("issued", issued_at, "to the sidecars"),
    ...happened("asked again", reissued_at),
    ...story.share_indexes.map((index) => shareEvent(story, index)),
    ...(isUnder
      ? [
          step("threshold", threshold_at, `${story.threshold} shares`),
          step("result", completed_at, "stored"),
          step("published", published_at),
          ...requesters.map(({operator_id, taken_at}) => step("taken", taken_at, `by ${operator_id}`)),
        ]
      : []),
    ...happened("superseded", story.superseded_at, `by index ${story.superseded_by}`),
  ];
}

function shareEvent({shares, refusals, lacks}: ExitStory, index: number): ExitEvent {
  const name = `share ${index}`;
  const share = shares.find(({share_index}) => share_index === index);
  if (share) return {name, at: share.at, kind: "signed", note: "signed"};
  const refusal = refusals.find(({share_index}) => share_index === index);
  if (refusal) return {name, at: refusal.at, kind: "refused", note: `refused: ${refusal.code}`};
  const lack = lacks.find(({share_index}) => share_index === index);
  if (!lack || lack.why === "asked") return {name, at: undefined, kind: "silent", note: "said nothing yet"};
  if (lack.why === "away") return {name, at: undefined, kind: "silent", note: "away"};
  return {name, at: undefined, kind: "waiting", note: `${lack.why}: ${lack.code ?? ""}`};
}
