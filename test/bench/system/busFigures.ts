import {setTimeout as delay} from "node:timers/promises";
import {type Static, type TSchema, Type} from "typebox";
import {Value} from "typebox/value";
import type {NatsServer} from "../../../src/sandbox/servers/natsServer.js";

const Traffic = {in_msgs: Type.Number(), out_msgs: Type.Number(), in_bytes: Type.Number(), out_bytes: Type.Number()};
const Connections = Type.Object({connections: Type.Array(Type.Object({name: Type.Optional(Type.String()), ...Traffic}))});
const Total = Type.Object(Traffic);
const Stream = Type.Object({name: Type.String(), state: Type.Object({messages: Type.Number(), last_seq: Type.Number()})});
const Streams = Type.Object({
  account_details: Type.Array(Type.Object({stream_detail: Type.Optional(Type.Array(Stream))})),
});

async function ask<T extends TSchema>(nats: NatsServer, path: string, schema: T): Promise<Static<T>> {
  const answer = await fetch(`${nats.monitorUrl}/${path}`);
  return Value.Parse(schema as TSchema, await answer.json()) as Static<T>;
}

const streamsOf = async (nats: NatsServer): Promise<Static<typeof Stream>[]> =>
  (await ask(nats, "jsz?accounts=true&streams=true", Streams)).account_details.flatMap(({stream_detail = []}) => stream_detail);

/**
 * What went over the bus so far, counted as the server does: in is from clients to it, and among that are acknowledgements and
 * pulls. By client the messages that it sent and received, and by stream those that were stored.
 */
export async function busCounts(nats: NatsServer): Promise<Map<string, {unit: string; value: number}>> {
  const {in_msgs, out_msgs, in_bytes, out_bytes} = await ask(nats, "varz", Total);
  const counts = new Map([
    ["bus: all sent", {unit: "messages/exit", value: in_msgs}],
    ["bus: all received", {unit: "messages/exit", value: out_msgs}],
    ["bus: bytes sent", {unit: "bytes/exit", value: in_bytes}],
    ["bus: bytes received", {unit: "bytes/exit", value: out_bytes}],
  ]);
  const add = (name: string, value: number): void => {
    counts.set(name, {unit: "messages/exit", value: (counts.get(name)?.value ?? 0) + value});
  };
  for (const connection of (await ask(nats, "connz?limit=1024", Connections)).connections) {
    const name = (connection.name ?? "unnamed").replace(/-.*/, "");
    add(`bus: ${name} sent`, connection.in_msgs);
    add(`bus: ${name} received`, connection.out_msgs);
  }
  for (const {name, state} of await streamsOf(nats)) add(`bus: stored in ${name}`, state.last_seq);
  return counts;
}

/** Messages that a stream holds now. */
export const messagesIn = async (nats: NatsServer, stream: string): Promise<number> =>
  (await streamsOf(nats)).find(({name}) => name === stream)?.state.messages ?? 0;

/** Back when nothing waits for relayer or aggregator any more. */
export async function untilQuiet(nats: NatsServer, signal: AbortSignal): Promise<void> {
  for (;;) {
    const waiting = (await streamsOf(nats)).filter(({name}) => name === "REQUESTS" || name === "EXIT_SHARES");
    await delay(300, undefined, {signal});
    if (waiting.every(({state}) => state.messages === 0)) return;
  }
}
