import {text} from "node:stream/consumers";
import {onTestFinished} from "vitest";
import type {Network} from "../../src/consensus/networks.js";
import {type BeaconState, rootOf, toBeaconAnswer} from "../../src/sandbox/chain/beaconAnswers.js";
import {startLoopbackServer} from "../../src/sandbox/servers/loopbackServer.js";

/** What nodes do differently. "prysm": it finds states by the roots that its head remembers, of which the head itself is none. */
export type Dialect = "plain" | "prysm";
/** What it says in place of what it should; undefined: what it should. A text is sent as it is. */
export type TestAnswer = {readonly status?: number; readonly body: unknown} | "hang" | undefined;

export type BeaconServer = {
  /** With a login, a key in its path and one in its query. */
  readonly url: string;
  readonly host: string;
  /** Paths under /eth/v1/, without the root of a state. */
  readonly asked: string[];
  /** How often it was asked what ends so. */
  count(ending: string): number;
  setHead(state: BeaconState): void;
  /** From now on it has forgotten every state but its head's. */
  forget(): void;
  speak(dialect: Dialect): void;
  /** From now on it gives no more than so many validators in one answer. */
  cutTo(most: number): void;
  answerWith(answer: (path: string) => TestAnswer): void;
};

export const canary = "canary51d0";

/** Plays a beacon node of the network. */
export async function startBeaconServer(
  network: Network,
  head: BeaconState = {validators: [], pending: []},
): Promise<BeaconServer> {
  const states = new Map<string, BeaconState>();
  const asked: string[] = [];
  let headRoot = "";
  let dialect: Dialect = "plain";
  let most = Number.POSITIVE_INFINITY;
  let answerWith: (path: string) => TestAnswer = () => undefined;
  const setHead = (state: BeaconState): void => {
    headRoot = rootOf(state);
    states.set(headRoot, state);
  };
  setHead(head);

  const stateOf = (id: string): BeaconState | undefined => {
    const isKnown = id === "head" || dialect === "plain" || id !== headRoot;
    return isKnown ? states.get(id === "head" ? headRoot : id) : undefined;
  };
  const server = await startLoopbackServer(async (request, response) => {
    const path = (request.url ?? "").replace(`/${canary}/eth/v1/`, "").replace(`?token=${canary}`, "");
    const shortPath = path.replace(/0x[0-9a-f]{64}/, "ROOT");
    asked.push(shortPath);
    const body = await text(request);
    const said = answerWith(shortPath) ?? toBeaconAnswer(network, {path, body, headRoot, stateOf, most});
    if (said === "hang" || said === undefined) return;
    const answer = typeof said.body === "string" ? said.body : JSON.stringify(said.body);
    response.writeHead(said.status ?? 200, {"content-type": "application/json"}).end(answer);
  });
  onTestFinished(server.stop);
  const {host} = new URL(server.url);
  return {
    url: `http://${canary}:${canary}@${host}/${canary}/?token=${canary}`,
    host,
    asked,
    count: (ending) => asked.filter((path) => path.endsWith(ending)).length,
    setHead,
    forget() {
      for (const root of states.keys()) if (root !== headRoot) states.delete(root);
    },
    speak(spoken) {
      dialect = spoken;
    },
    cutTo(count) {
      most = count;
    },
    answerWith(said) {
      answerWith = said;
    },
  };
}
