import {text} from "node:stream/consumers";
import type {Network} from "../../consensus/networks.js";
import {type LoopbackServer, startLoopbackServer} from "../servers/loopbackServer.js";
import {type BeaconState, rootOf, toBeaconAnswer} from "./beaconAnswers.js";

/** As many states as a node may be asked for by their roots. */
const remembered = 100;

/** Plays a beacon node on loopback, whose head is what `readHead` says now. */
export async function startBeaconNode(network: Network, readHead: () => Promise<BeaconState>): Promise<LoopbackServer> {
  const states = new Map<string, BeaconState>();
  return startLoopbackServer(async (request, response) => {
    try {
      const body = await text(request);
      const head = await readHead();
      const headRoot = rootOf(head);
      states.set(headRoot, head);
      for (const root of [...states.keys()].slice(0, -remembered)) states.delete(root);
      const path = (request.url ?? "").replace(/^\/eth\/v1\//, "");
      const stateOf = (id: string): BeaconState | undefined => (id === "head" ? head : states.get(id));
      const answer = toBeaconAnswer(network, {path, body, headRoot, stateOf});
      response.writeHead(answer.status, {"content-type": "application/json"}).end(JSON.stringify(answer.body));
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({code: 500, message: String(error)}));
    }
  });
}
