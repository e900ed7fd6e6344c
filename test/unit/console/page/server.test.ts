import {describe, expect, it} from "vitest";
import {renderPage} from "../../../../src/console/page/renderPage.js";
import type {OutOfDate, PageState} from "../../../../src/console/pageState.js";
import {aBusyStatus, aKey, aStory} from "../../../support/examples/consoleWorld.js";

const files = {script: "/a.js", style: "/a.css", icon: "/a.svg"};
const at = 1_795_950_000_000;
const hostile = `</script><img src=x onerror=alert(1)>"'&`;
const render = (url: string, answers: PageState["answers"] = {}): string => renderPage({url, at, answers}, files);

describe("the page as the server writes it", () => {
  it("has the first table, its data, and no inline script or style", () => {
    const html = render("/", {status: aBusyStatus(at)});
    expect(html).toMatch(/^<!doctype html><html lang="en"><head>/);
    expect(html).toContain("<title>(3) Overview · dvt hoodi</title>");
    expect(html.match(/<tr>/g)?.length).toBeGreaterThan(24);
    expect(html).not.toMatch(/<style|style=|onclick=|<script(?! type="(module" src="\/a\.js"|application\/json" id="state")>)/);
  });

  it("ends no element and begins none, whatever its strings say", () => {
    const status = aBusyStatus(at);
    const [first, ...others] = status.clusters;
    const hostileIndexes = first?.share_indexes.map((it) => ({...it, version: hostile})) ?? [];
    const clusters = first ? [{...first, share_indexes: hostileIndexes}, ...others] : [];
    const alarms = [{kind: "role_away" as const, text: hostile, todo: hostile}];
    const exit = aStory(at, {refusals: [{share_index: 1, code: "KEY_NOT_ALLOWED", reason: hostile}]});
    for (const url of ["/", "/clusters/alpha/1", `/exits/${aKey(1)}`, "/system", `/${hostile}`]) {
      const html = render(url, {status: {...status, alarms, clusters}, exit});
      expect(html).not.toContain("<img");
      expect(html.match(/<\/script>/g)).toHaveLength(2);
    }
  });

  it.each([
    {id: "no clusters", url: "/", answers: {status: {...aBusyStatus(at), clusters: []}}, says: "participants.json"},
    {id: "no open exits", url: "/exits", answers: {exits: {at, exits: []}}, says: "dvt operator request"},
    {id: "none that fit", url: "/exits?cluster=alpha", answers: {exits: {at, exits: []}}, says: "No exit fits this filter."},
    {id: "no dead letters", url: "/dead-letters", answers: {dead_letters: {at, letters: []}}, says: "No dead letters"},
    {id: "an exit nobody asked for", url: `/exits/${aKey(1)}`, answers: {exit: null}, says: "Nobody asked for this exit"},
    {id: "no such place", url: "/nothing", answers: {}, says: "Nothing here"},
    {id: "no answer yet", url: "/exits", answers: {}, says: "Asking the relayer"},
  ])("says what to do where there is nothing: $id", ({url, answers, says}) => {
    expect(render(url, answers)).toContain(says);
  });

  it.each<{id: string; unanswered: OutOfDate["unanswered"]; says: string[]}>([
    {id: "no relayer", unanswered: [], says: ["the relayer does not answer", "No relayer answers."]},
    {
      id: "a problem",
      unanswered: [{about: "status", problem: "STORE_UNAVAILABLE"}, {about: "dead_letters"}],
      says: ["no answer about the status (STORE_UNAVAILABLE) and the dead letters", "The relayer answers, but not this."],
    },
  ])("says since when it is out of date, and why: $id", ({unanswered, says}) => {
    const html = renderPage({url: "/", at, answers: {}, outOfDate: {since: at - 60_000, unanswered}}, files);
    for (const text of [...says, "out of date since"]) expect(html).toContain(text);
  });
});
