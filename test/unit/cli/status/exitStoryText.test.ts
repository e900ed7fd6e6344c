import {expect, it} from "vitest";
import {exitStoryText} from "../../../../src/cli/status/exitStoryText.js";
import {errorTodos, todoOf} from "../../../../src/status/todos.js";
import {anExitStory, at, atTime, publicKey} from "../../../support/examples/status.js";

it("tells what happened to an open exit, with the gaps, what is missing, and what to do", () => {
  expect(exitStoryText(anExitStory())).toBe(
    `${publicKey}, index 1000, of alpha
open for 12 min: 2 of 3 shares (2, 3)

18:02:04.120            asked for by acme, order 0x12ab34cd
18:02:04.130  + 10 ms   sent to the sidecars
18:02:04.180  + 50 ms   share of share index 3
18:02:04.181  + 1 ms    share of share index 2
18:12:04.200  + 10 min  sent to the sidecars again, 2 times in all

missing:
  share index 1 waits: CONSENSUS_UNAVAILABLE since 18:11
    ${todoOf(errorTodos, "CONSENSUS_UNAVAILABLE")}
  share index 4 was never seen
    Start its sidecar, or tell whoever runs it. If it runs: its log says why it does not reach NATS.
`,
  );
});

it("tells how an exit was completed, late refusals too", () => {
  const asked = atTime(18, 2, 4);
  const story = anExitStory({
    state: "complete",
    opened_at: asked,
    completed_at: asked + 90,
    is_taken: true,
    threshold_at: asked + 60,
    published_at: asked + 95,
    lacks: [{share_index: 4, why: "away"}],
    requesters: [{operator_id: "acme", requested_at: asked, order_id: `0x${"1".repeat(64)}`, taken_at: asked + 1300}],
    shares: [3, 2, 1].map((share_index, position) => ({share_index, at: asked + 20 * (position + 1)})),
    refusals: [{share_index: 4, at: asked + 5000, code: "KEY_NOT_ALLOWED", reason: "not on my list"}],
    issued_at: asked + 10,
  });
  delete story.reissued_at;
  expect(exitStoryText(story)).toBe(
    `${publicKey}, index 1000, of alpha
complete after 90 ms

18:02:04.000            asked for by acme, order 0x11111111
18:02:04.010  + 10 ms   sent to the sidecars
18:02:04.020  + 10 ms   share of share index 3
18:02:04.040  + 20 ms   share of share index 2
18:02:04.060  + 20 ms   share of share index 1
18:02:04.060  + 0 ms    enough shares: 3 are needed
18:02:04.090  + 30 ms   complete: result written
18:02:04.095  + 5 ms    result published
18:02:05.300  + 1.2 s   result taken by acme
18:02:09.000  + 3.7 s   share index 4 refuses: KEY_NOT_ALLOWED
`,
  );
});

it("shows the reason of a refusal, without what a terminal would act on", () => {
  const story = anExitStory({
    state: "rejected",
    lacks: [{share_index: 1, why: "refused", code: "KEY_NOT_ALLOWED"}],
    refusals: [{share_index: 1, code: "KEY_NOT_ALLOWED", reason: "not\u001b[2J on my list"}],
  });
  expect(exitStoryText(story)).toContain(
    "  share index 1 refuses: KEY_NOT_ALLOWED: not?[2J on my list\n    If the validator is yours",
  );
});

it.each([
  {
    id: "superseded",
    more: {state: "superseded", superseded_by: 2000, superseded_at: at},
    expected: "superseded: the key's exit is now that of index 2000\n",
  },
  {
    id: "expired",
    more: {state: "expired"},
    expected: "expired: too few sidecars signed in time, 2 of 3 shares (2, 3); ask again once they run\n",
  },
  {id: "rejected", more: {state: "rejected"}, expected: "rejected: too many sidecars refuse; 2 of 3 shares (2, 3)\n"},
  {
    id: "complete, but not taken",
    more: {state: "complete", is_taken: false},
    expected: "complete, not taken yet by everybody who asked\n",
  },
] as const)("says that an exit is $id", ({more, expected}) => {
  expect(exitStoryText(anExitStory(more)).split("\n")[1]).toBe(expected.trimEnd());
});

it("fits a terminal, whatever its width", () => {
  const [, ...lines] = exitStoryText(anExitStory(), {width: 60}).split("\n");
  expect(Math.max(...lines.map(({length}) => length))).toBeLessThanOrEqual(60);
});
