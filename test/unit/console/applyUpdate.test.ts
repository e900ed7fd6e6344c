import {describe, expect, it} from "vitest";
import {applyUpdate} from "../../../src/console/applyUpdate.js";
import {changesBetween, toTexts} from "../../../src/console/changesBetween.js";
import type {PageState, Update} from "../../../src/console/pageState.js";
import {toUpdate} from "../../../src/console/toUpdate.js";
import {aBusyStatus} from "../../support/examples/consoleWorld.js";

const before: PageState = {url: "/", at: 1, answers: {status: aBusyStatus(0)}};
const changesOf = (now: object): string => changesBetween(toTexts(before.answers.status ?? null), toTexts(now));
const sent = (member: string, at = 2): Update => JSON.parse(toUpdate([member], {at})) as Update;

describe("an update", () => {
  it("is empty but for its time if nothing has changed", () => {
    expect(changesOf({...aBusyStatus(0), at: 99})).toBe("");
    expect(toUpdate([""], {at: 99})).toBe('{"at":99}');
  });

  it("has what changed, and leaves the rest the same object", () => {
    const {oracles: _, ...now} = {...aBusyStatus(0), alarms: []};
    const changes = changesOf(now);
    expect(Object.keys(JSON.parse(changes))).toEqual(["alarms", "oracles"]);
    const after = applyUpdate(before, sent(`"status":${changes}`));
    expect(after.answers.status).toEqual({...now, at: 0});
    expect(after.answers.status?.clusters).toBe(before.answers.status?.clusters);
    expect(after).toMatchObject({at: 2, url: "/"});
  });

  it("brings an answer that was not there, and says of one that there is none", () => {
    expect(applyUpdate(before, sent('"dead_letters":{"letters":[]}')).answers.dead_letters).toEqual({letters: []});
    expect(applyUpdate(before, sent('"exit":null')).answers.exit).toBeNull();
  });

  it("says since when what is shown is out of date, and when it no longer is", () => {
    const stale = applyUpdate(before, JSON.parse(toUpdate([""], {at: 5, outOfDate: {since: 4, unanswered: []}})));
    expect(stale.outOfDate).toEqual({since: 4, unanswered: []});
    expect(applyUpdate(stale, sent("")).outOfDate).toBeUndefined();
  });
});
