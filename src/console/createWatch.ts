import {endsWithin} from "../runtime/endsWithin.js";
import type {Logger} from "../runtime/logger.js";
import {createOutage} from "../runtime/outage.js";
import type {StatusReader} from "../status/statusReader.js";
import {createTopic, type Topic} from "./createTopic.js";
import type {OutOfDate, PageQuestion, Snapshot} from "./pageState.js";
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

const words = {
  begins: "a question to the relayer is not answered",
  goesOn: "questions to the relayer are still not answered",
  ends: "the relayer answers every question again",
};

/**
 * Asks the relayer for all viewers together: each question that somebody looks at once a round, one after the other, because
 * the relayer answers one question of an asker at a time.
 */
export function createWatch({reader, logger, patienceMs = 2000}: Options): Watch {
  const topics = new Map<string, Topic>();
  const followings = new Set<Following>();
  const outage = createOutage(words, logger);
  let line: Promise<unknown> = Promise.resolve();

  function topicOf(question: PageQuestion): Topic {
    const key = JSON.stringify(question);
    const topic = topics.get(key) ?? createTopic(question, reader);
    topics.set(key, topic);
    return topic;
  }
  /** Whether a relayer answered, if only that it cannot. */
  async function refresh(topic: Topic): Promise<boolean> {
    try {
      await topic.refresh();
      if (![...topics.values()].some(isFailing)) outage.served();
    } catch (error) {
      outage.failed((error as Error).message, () => ({question: topic.kind}));
    }
    return !isUnheard(topic);
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
    let isHeard = true;
    for (const topic of inOrder(watched)) {
      // Without a relayer, each of the others would wait as long.
      if (!isHeard) topic.skip();
      else isHeard = await refresh(topic);
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
const isFailing = (topic: Topic): boolean => topic.failure() !== undefined;
const isUnheard = (topic: Topic): boolean => isFailing(topic) && topic.failure()?.problem === undefined;
const isFresh = (topic: Topic): boolean => !isFailing(topic) && performance.now() - topic.askedAt() < freshMs;

/** What was answered comes before what was not, so that one question which is never answered keeps no other from its answer. */
const inOrder = (topics: Iterable<Topic>): Topic[] =>
  [...topics].sort((a, b) => Number(isFailing(a)) - Number(isFailing(b)) || a.askedAt() - b.askedAt());

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
  const answers = Object.fromEntries(
    topics.flatMap((topic) => (topic.answer() === undefined ? [] : [[topic.kind, topic.answer()]])),
  );
  const outOfDate = toOutOfDate(topics, at);
  return {answers, at, ...(outOfDate && {outOfDate})};
}

function toOutOfDate(topics: readonly Topic[], at: number): OutOfDate | undefined {
  const failing = topics.filter(isFailing);
  if (failing.length === 0) return undefined;
  const since = Math.min(...failing.map((topic) => topic.answer()?.at ?? at));
  if (topics.every(isUnheard)) return {since, unanswered: []};
  return {since, unanswered: failing.map((topic) => ({about: topic.kind, ...topic.failure()}))};
}
