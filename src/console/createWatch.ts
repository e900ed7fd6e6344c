import {dispositionOf} from "../errors.js";
import {endsWithin} from "../runtime/endsWithin.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {StatusReader} from "../status/statusReader.js";
import {createTopic, type Topic} from "./createTopic.js";
import type {PageQuestion, Snapshot} from "./pageState.js";
import {toUpdate} from "./toUpdate.js";

/** Somebody who looks at a page. */
export type Viewer = {
  send(update: string): void;
  /** Whether earlier updates are still on their way: then none is added, and later everything is sent at once. */
  isBehind(): boolean;
  /** Ends the connection of a viewer who takes nothing. */
  drop(): void;
};

export type Watch = {
  /** The answers to these questions: of the last second, or else asked for, within a limited time. */
  read(questions: readonly PageQuestion[]): Promise<Snapshot>;
  /** Sends the viewer the answers, and in each round what has changed, until the returned function is called. */
  follow(questions: readonly PageQuestion[], viewer: Viewer): () => void;
  viewers(): number;
  /** Asks again what somebody looks at, and tells whoever does. */
  round(): Promise<void>;
};

type Options = {
  readonly reader: StatusReader;
  readonly logger: Logger;
  /** How long a page waits for answers before it is shown without them. */
  readonly patienceMs?: number;
};
type Following = {topics: readonly Topic[]; viewer: Viewer; needsWhole: boolean; behindSince: number | undefined};

/** An answer that is not older is not asked for again. */
const freshMs = 1000;
const keptMs = 5000;
const droppedAfterMs = 60_000;

/**
 * Asks the relayer for all viewers together: each question that somebody looks at once a round, one after the other, because
 * the relayer answers one question of an asker at a time.
 */
export function createWatch({reader, logger, patienceMs = 2000}: Options): Watch {
  const topics = new Map<string, Topic>();
  const followings = new Set<Following>();
  const outage = createOutage("the relayer", logger);
  let line: Promise<unknown> = Promise.resolve();

  function topicOf(question: PageQuestion): Topic {
    const key = JSON.stringify(question);
    const topic = topics.get(key) ?? createTopic(question, reader);
    topics.set(key, topic);
    return topic;
  }
  /** Whether the relayer answered, or said why it does not. */
  async function refresh(topic: Topic): Promise<boolean> {
    try {
      await topic.refresh();
      outage.served();
      return true;
    } catch (error) {
      outage.failed((error as Error).message);
      return dispositionOf(error) !== "retry";
    }
  }
  const inTurn = (topic: Topic): Promise<unknown> => {
    line = line.then(() => isFresh(topic) || refresh(topic));
    return line;
  };

  /** Whoever comes does not wait for the next round. */
  async function begin(following: Following): Promise<void> {
    const unknown = following.topics.filter(isUnknown);
    await Promise.all(unknown.map(inTurn));
    // Whoever follows it gets all of it, now or when it is known: it is no change.
    for (const topic of unknown) topic.takeChanges();
    if (followings.has(following)) sendTo(following, new Map());
  }

  async function round(): Promise<void> {
    const watched = new Set([...followings].flatMap((it) => it.topics));
    for (const [key, topic] of topics) {
      if (!watched.has(topic) && performance.now() - topic.askedAt() > keptMs) topics.delete(key);
    }
    for (const topic of watched) {
      // Without a relayer, each of the others would wait as long.
      if (!(await refresh(topic))) break;
    }
    const changes = new Map([...watched].map((topic) => [topic, topic.takeChanges()]));
    for (const following of followings) sendTo(following, changes);
  }
  return {
    async read(questions) {
      const asked = questions.map(topicOf);
      await endsWithin(patienceMs, Promise.all(asked.filter((topic) => !isFresh(topic)).map(inTurn)));
      return toSnapshot(asked);
    },
    follow(questions, viewer) {
      const following: Following = {topics: questions.map(topicOf), viewer, needsWhole: true, behindSince: undefined};
      followings.add(following);
      void begin(following);
      return () => void followings.delete(following);
    },
    viewers: () => followings.size,
    round,
  };
}

const isUnknown = (topic: Topic): boolean => topic.answer() === undefined;
const isFresh = (topic: Topic): boolean => !topic.isFailing() && performance.now() - topic.askedAt() < freshMs;

function sendTo(following: Following, changes: ReadonlyMap<Topic, string>): void {
  const {topics, viewer} = following;
  if (viewer.isBehind()) {
    following.needsWhole = true;
    following.behindSince ??= performance.now();
    if (performance.now() - following.behindSince > droppedAfterMs) viewer.drop();
    return;
  }
  const members = topics.map((topic) => (following.needsWhole ? topic.whole() : (changes.get(topic) ?? "")));
  following.needsWhole = topics.some(isUnknown);
  following.behindSince = undefined;
  viewer.send(toUpdate(members, toSnapshot(topics)));
}

function toSnapshot(topics: readonly Topic[]): Snapshot {
  const known = topics.flatMap((topic) => topic.answer() ?? []);
  const at = known.length > 0 ? Math.max(...known.map((it) => it.at)) : Date.now();
  const failing = topics.filter((topic) => topic.isFailing());
  const answers = Object.fromEntries(
    topics.flatMap((topic) => (topic.answer() === undefined ? [] : [[topic.kind, topic.answer()]])),
  );
  if (failing.length === 0) return {answers, at};
  return {answers, at, outOfDateSince: Math.min(...failing.map((topic) => topic.answer()?.at ?? at))};
}
