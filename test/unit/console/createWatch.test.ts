import {describe, expect, it, onTestFinished, vi} from "vitest";
import {createWatch, type Viewer} from "../../../src/console/createWatch.js";
import type {Update} from "../../../src/console/pageState.js";
import {DvtError} from "../../../src/errors.js";
import {RelayerProblem} from "../../../src/status/relayerProblem.js";
import type {StatusReader} from "../../../src/status/statusReader.js";
import {aReader} from "../../support/examples/consoleWorld.js";
import {aLogger} from "../../support/logger.js";

/** A watch of a relayer that is made by hand; rounds begin, and time passes, when the test says so. */
function aWatch(more: Partial<StatusReader> = {}) {
  vi.useFakeTimers({toFake: ["setTimeout", "clearTimeout", "performance", "Date"]});
  onTestFinished(() => void vi.useRealTimers());
  const asked: string[] = [];
  // A fixed time: the answers do not change by themselves.
  const reader: StatusReader = {...aReader(() => 1_795_950_000_000), ...more};
  const counting: StatusReader = {
    ...reader,
    status: (question) => {
      asked.push("status");
      return reader.status(question);
    },
    exits: (question) => {
      asked.push(`exits ${question.state}`);
      return reader.exits(question);
    },
  };
  const {logger, logged} = aLogger();
  const watch = createWatch({reader: counting, logger});
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await vi.advanceTimersByTimeAsync(1000);
      await watch.round();
    }
  };
  return {watch, asked, rounds, logged};
}

function aViewer() {
  const received: Update[] = [];
  const state = {isBehind: false, isDropped: false};
  const viewer: Viewer = {
    send: (update) => void received.push(JSON.parse(update) as Update),
    isBehind: () => state.isBehind,
    drop: () => {
      state.isDropped = true;
    },
  };
  return {viewer, received, state};
}

/** Until what was begun is through. */
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
const status = {kind: "status"} as const;
const openExits = {kind: "exits", state: "open"} as const;

describe("a watch", () => {
  it("asks once a second for all who look at the same, and nothing when nobody looks", async () => {
    const {watch, asked, rounds} = aWatch();
    const leave = [aViewer(), aViewer(), aViewer()].map(({viewer}) => watch.follow([status], viewer));
    await settle();
    const first = asked.length;
    expect(first).toBe(1);
    await rounds(5);
    expect(asked.length - first).toBe(5);
    for (const it of leave) it();
    await rounds(5);
    expect(asked.length - first).toBe(5);
  });

  it("sends a viewer everything first, and then what has changed", async () => {
    let open = 5;
    const {watch, rounds} = aWatch({exits: async (question) => aReader(() => 0, {open}).exits(question)});
    const {viewer, received} = aViewer();
    watch.follow([status, {kind: "exits", state: "open"}], viewer);
    await settle();
    expect(received[0]?.changes).toMatchObject({status: {network: "hoodi"}, exits: {exits: {length: 5}}});
    await rounds(1);
    open = 6;
    await rounds(2);
    const changes = received.slice(1).map((update) => update.changes ?? {});
    expect(changes).toMatchObject([{}, {exits: {exits: {length: 6}}}, {}]);
    expect(changes.map((it) => Object.keys(it))).toEqual([[], ["exits"], []]);
  });

  it("keeps no backlog for a viewer who takes nothing, sends everything when it is ready again, and drops one who never is", async () => {
    let open = 5;
    const {watch, rounds} = aWatch({exits: async (question) => aReader(() => 0, {open}).exits(question)});
    const {viewer, received, state} = aViewer();
    watch.follow([{kind: "exits", state: "open"}], viewer);
    await settle();
    state.isBehind = true;
    open = 7;
    await rounds(20);
    expect(received).toHaveLength(1);
    state.isBehind = false;
    await rounds(1);
    expect(received[1]?.changes).toMatchObject({exits: {exits: {length: 7}}});
    state.isBehind = true;
    await rounds(59);
    expect(state.isDropped).toBe(false);
    await rounds(5);
    expect(state.isDropped).toBe(true);
  });

  it("says since when no relayer answers, and asks it one question a round meanwhile", async () => {
    let isAway = false;
    const known = aReader(() => 1000);
    const unlessAway = async <T>(answer: Promise<T>): Promise<T> => {
      if (isAway) throw new DvtError("BUS_UNAVAILABLE", "ask the relayer: no relayer answers");
      return answer;
    };
    const {watch, asked, rounds} = aWatch({
      status: (question) => unlessAway(known.status(question)),
      exits: (question) => unlessAway(known.exits(question)),
    });
    const {viewer, received} = aViewer();
    watch.follow([status, openExits], viewer);
    await rounds(2);
    expect(received.at(-1)?.out_of_date).toBeUndefined();
    isAway = true;
    asked.length = 0;
    for (let count = 1; count <= 3; count++) {
      await rounds(1);
      expect(received.at(-1)?.out_of_date).toEqual({since: 1000, unanswered: []});
      expect(asked).toHaveLength(count);
    }
    isAway = false;
    await rounds(1);
    expect(received.at(-1)?.out_of_date).toBeUndefined();
  });

  it("says which question is not answered while others are, and keeps these up to date", async () => {
    const nobody = new DvtError("BUS_UNAVAILABLE", "ask the relayer: no relayer answers within 3 s");
    const {watch, rounds} = aWatch({exits: () => Promise.reject(nobody)});
    const [onList, onLetters] = [aViewer(), aViewer()];
    watch.follow([status, openExits], onList.viewer);
    await settle();
    watch.follow([status, {kind: "dead_letters"}], onLetters.viewer);
    await rounds(3);
    expect(onList.received.at(-1)?.out_of_date?.unanswered).toEqual([{about: "exits"}]);
    expect(onLetters.received[0]?.changes).toMatchObject({status: {}, dead_letters: {}});
    expect(onLetters.received.map((it) => it.out_of_date)).toEqual(onLetters.received.map(() => undefined));
  });

  it("asks again for each of several that are not answered, in turn", async () => {
    const nobody = new DvtError("BUS_UNAVAILABLE", "ask the relayer: no relayer answers within 3 s");
    const {watch, asked, rounds} = aWatch({exits: () => Promise.reject(nobody)});
    for (const state of ["open", "expired"] as const) watch.follow([status, {kind: "exits", state}], aViewer().viewer);
    await rounds(2);
    asked.length = 0;
    await rounds(4);
    const askedFor = (what: string): number => asked.filter((it) => it === what).length;
    expect([askedFor("status"), askedFor("exits open"), askedFor("exits expired")]).toEqual([4, 2, 2]);
  });

  it("says what the relayer's problem is, and asks all the same for the rest", async () => {
    const problem = new RelayerProblem("STORE_UNAVAILABLE", "read requests: no server is there");
    const {watch, asked, rounds} = aWatch({status: () => Promise.reject(problem)});
    const [onOverview, onList] = [aViewer(), aViewer()];
    watch.follow([status], onOverview.viewer);
    watch.follow([status, openExits], onList.viewer);
    await rounds(1);
    asked.length = 0;
    await rounds(1);
    expect(asked.toSorted()).toEqual(["exits open", "status"]);
    const unanswered = [{about: "status", problem: "STORE_UNAVAILABLE"}];
    for (const {received} of [onOverview, onList]) expect(received.at(-1)?.out_of_date?.unanswered).toEqual(unanswered);
  });

  it("logs an outage once, however the other questions are answered meanwhile", async () => {
    let isFailing = true;
    const {watch, rounds, logged} = aWatch({
      exits: async (question) => {
        if (isFailing) throw new DvtError("BUS_UNAVAILABLE", "ask the relayer: no relayer answers within 3 s");
        return aReader(() => 0).exits(question);
      },
    });
    watch.follow([status, openExits], aViewer().viewer);
    await rounds(10);
    isFailing = false;
    await rounds(2);
    expect(logged.map(({msg}) => msg)).toEqual([
      "a question to the relayer is not answered",
      "the relayer answers every question again",
    ]);
  });

  it("answers a page from what viewers look at, and shows it without an answer that takes too long", async () => {
    const {watch, asked} = aWatch({exits: () => new Promise(() => {})});
    expect((await watch.read([status])).answers.status?.network).toBe("hoodi");
    await watch.read([status]);
    expect(asked).toEqual(["status"]);
    const late = watch.read([status, {kind: "exits", state: "open"}]);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await late).answers).toMatchObject({status: {network: "hoodi"}});
    expect((await late).answers.exits).toBeUndefined();
  });

  it("tells an exit that nobody asked for from one that is not known yet", async () => {
    const {watch} = aWatch();
    const {viewer, received} = aViewer();
    const question = {kind: "exit", public_key: `0x${"00".repeat(48)}`} as const;
    watch.follow([question], viewer);
    await settle();
    expect(received[0]?.changes).toEqual({exit: null});
    expect((await watch.read([question])).answers.exit).toBeNull();
  });
});
