import type {Network} from "../../consensus/networks.js";
import {DvtError, expected} from "../../errors.js";
import {type ExitId, fromExitKey} from "../../exits/exitId.js";
import type {StoredLetter} from "../../messaging/deadLetters.js";
import type {Orders} from "../../store/orders.js";
import type {Requests} from "../../store/requests.js";

type Store = {readonly network: Network; readonly requests: Requests; readonly orders: Orders};

/** What a letter is about, and why it cannot be retried; no obstacle once the relayer's next sweep will request it again. */
export type Retried = {readonly what: string; readonly obstacle: string | undefined};

/** Makes the exit of the letter due, or the open exits of its order. */
export async function retryLetter(store: Store, {letter}: StoredLetter): Promise<Retried> {
  if (letter?.exit !== undefined) return {what: letter.exit, obstacle: await retryExit(store, letter.exit)};
  const orderId = letter && letter.count === undefined ? orderIdIn(letter.subject, store.network) : undefined;
  if (orderId !== undefined) return {what: `order ${orderId}`, obstacle: await retryOrder(store, orderId)};
  const repeated = repeatedBy.get(letter?.stream ?? "") ?? "the sender has to send the message again";
  return {what: "no exit", obstacle: `cannot be retried: the letter names no exit; ${repeated}`};
}

/** Who repeats the messages of a stream. */
const repeatedBy: ReadonlyMap<string, string> = new Map([
  ["REQUESTS", "the operator has to send the batch again"],
  ["EXIT_REQUESTS", "the relayer requests exits again by itself while they are open"],
  ["EXIT_SHARES", "the relayer requests its exits again by itself while they are open, and the sidecar signs again"],
  ["COMPLETIONS", "the operator has to ask again"],
]);

const orderIdIn = (subject: string, network: Network): string | undefined => {
  const [, ofNetwork, orderId] = /^dvt\.v2\.exit_requests\.([a-z]+)\.[a-z0-9_-]+\.(0x[0-9a-f]{64})$/.exec(subject) ?? [];
  return ofNetwork === network.name ? orderId : undefined;
};

async function retryOrder({network, requests, orders}: Store, orderId: string): Promise<string | undefined> {
  const order = (await orders.find([orderId])).get(orderId);
  if (!order) return "cannot be retried: the order has expired; an operator has to order its exits again";
  const open = await requests.findOpenOf(network.name, order.publicKeys);
  const standing = open.filter(({requesters}) => [...requesters.values()].some((request) => request.orderId === orderId));
  const made = await Promise.all(
    standing.map(({publicKey, validatorIndex}) => requests.makeDue({network, publicKey, validatorIndex})),
  );
  return made.includes(true) ? undefined : "cannot be retried: none of the order's exits is open";
}

async function retryExit({network, requests}: Store, exitKey: string): Promise<string | undefined> {
  const exit = fromExitKey(exitKey, network);
  if (!exit) return `cannot be retried: it is not an exit of ${network.name}`;
  if (await requests.makeDue(exit)) return undefined;
  return `cannot be retried: ${await whyNotOpen(requests, exit)}`;
}

async function whyNotOpen(requests: Requests, exit: ExitId): Promise<string> {
  const head = await requests.find(exit).catch(expected);
  if (head instanceof DvtError) {
    if (head.code !== "STORED_INVALID") throw head;
    return `${head.message} [${head.code}]`;
  }
  if (!head) return "nobody has requested it";
  if (head.validatorIndex !== exit.validatorIndex) return `the key now has index ${head.validatorIndex}`;
  return head.state === "expired" ? "it has expired; an operator has to request it again" : "it has been completed";
}
