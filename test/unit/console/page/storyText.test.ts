import {describe, expect, it} from "vitest";
import {storyText} from "../../../../src/console/page/storyText.js";
import {aStory} from "../../../support/examples/consoleWorld.js";

const at = Date.UTC(2026, 10, 29, 12, 0, 0);

describe("an exit in words", () => {
  it("has its state, whose turn it is, and what happened, in UTC", () => {
    const lines = storyText(aStory(at), at).split("\n");
    expect(lines[0]).toMatch(/^exit 0x[0-9a-f]{96} index 1234568 of cluster alpha: open for 12 min, 2 of 3 shares \(2, 3\)$/);
    expect(lines.slice(1)).toEqual([
      "whose turn it is (times in UTC): 1 waits: CONSENSUS_UNAVAILABLE since 11:47; 4 is away since 11:35",
      "2026-11-29 11:48:00.000 UTC  asked for by acme",
      "2026-11-29 11:48:00.009 UTC  issued to the sidecars",
      "2026-11-29 11:48:00.031 UTC  share 2 signed",
      "2026-11-29 11:48:00.038 UTC  share 3 signed",
      "2026-11-29 11:58:00.000 UTC  asked again",
    ]);
  });

  it("has how long it took when it is complete", () => {
    const opened = at - 5000;
    const story = aStory(at, {state: "complete", opened_at: opened, completed_at: opened + 44, lacks: [], has: [1, 2, 3]});
    expect(storyText(story, at)).toContain(": complete after 44 ms, 3 of 3 shares (1, 2, 3)\n");
    expect(storyText(story, at)).not.toContain("whose turn");
  });
});
