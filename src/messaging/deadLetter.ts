import {createHash} from "node:crypto";
import type {JsMsg} from "nats";
import {deadLetter} from "../../schemas/deadLetter.js";
import {networkNames, patterns} from "../../schemas/fields.js";
import {toHex} from "../runtime/hex.js";
import {printable} from "../runtime/printable.js";
import {toSentence} from "../runtime/toSentence.js";
import type {Bus} from "./connect.js";
import {publish} from "./publish.js";

/** What a dead letter says of its message. */
export type DeadLetterContent = {code: string; reason: string; count?: number; exit?: string | undefined};

/**
 * Publishes a dead letter about a message, about one exit of those that it carries, or about `count` messages of which it is the last:
 * the reason, never the payload.
 */
export async function publishDeadLetter(
  bus: Bus,
  message: JsMsg,
  {code, reason, count, ...about}: DeadLetterContent,
): Promise<void> {
  const exit = about.exit ?? exitIn(message.data);
  await publish(bus, deadLetter, {
    stream: message.info.stream,
    subject: printable(message.subject.slice(0, 512)),
    participant: bus.identity.participant,
    code,
    reason: toSentence(reason),
    deliveries: message.info.redeliveryCount,
    ...(exit !== undefined && count === undefined && {exit}),
    ...(count !== undefined && {count}),
    payload_sha256: toHex(createHash("sha256").update(message.data).digest()),
  });
}

/** The exit that the message is about, as network:public_key:validator_index, if it can be read and is about one only. */
export function exitIn(data: Uint8Array): string | undefined {
  try {
    const {network, exits, refusals, order, ...one} = JSON.parse(new TextDecoder().decode(data));
    const entries = exits ?? refusals ?? order?.entries.filter((entry: unknown) => typeof entry === "object") ?? [one];
    const {public_key, validator_index: index} = entries[0];
    const readable =
      entries.length === 1 &&
      networkNames.includes(network) &&
      new RegExp(patterns.publicKey).test(public_key) &&
      Number.isSafeInteger(index) &&
      index >= 0;
    return readable ? `${network}:${public_key.toLowerCase()}:${index}` : undefined;
  } catch {
    return undefined;
  }
}
