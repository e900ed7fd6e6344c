import {Counter, type Registry} from "prom-client";

/** Adds what every role counts that consumes messages. */
export function addMessageCounts(registry: Registry) {
  const registers = [registry];
  const handled = new Counter({
    name: "dvt_messages_handled_total",
    help: "Messages that were handled, each exit or deposit of one that carries many by itself, by stream and outcome",
    labelNames: ["stream", "outcome"],
    registers,
  });
  const refused = new Counter({
    name: "dvt_messages_refused_total",
    help: "Messages that ended as dead letters, each exit or deposit by itself, and messages that were dropped unread, by stream and code",
    labelNames: ["stream", "code"],
    registers,
  });
  const retried = new Counter({
    name: "dvt_messages_retried_total",
    help: "Messages that were put back to be tried again, each exit or deposit by itself, by stream and code",
    labelNames: ["stream", "code"],
    registers,
  });
  return {
    handled: (stream: string, outcome: string): void => handled.inc({stream, outcome}),
    refused: (stream: string, code: string): void => refused.inc({stream, code}),
    retried: (stream: string, code: string): void => retried.inc({stream, code}),
  };
}
