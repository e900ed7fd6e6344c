import type {Reply} from "../../schemas/answer.js";
import type {Question} from "../../schemas/query.js";
import {DvtError, dispositions, type ErrorCode} from "../errors.js";
import {askRelayer} from "../messaging/askRelayer.js";
import type {Bus} from "../messaging/connect.js";
import type {StatusReader} from "./statusReader.js";

/** Asks the relayers. What a relayer could not read is thrown with its code. */
export function askStatus(bus: Bus): StatusReader {
  const ask = async <K extends Reply["kind"]>(kind: K, question: Question): Promise<Extract<Reply, {kind: K}>> => {
    const reply = await askRelayer(bus, question);
    if (reply.kind === "problem") throw toError(reply);
    if (reply.kind === kind) return reply as Extract<Reply, {kind: K}>;
    throw new DvtError("MESSAGE_MALFORMED", `ask the relayer: it answered ${reply.kind} to ${question.kind}`);
  };
  return {
    status: async (question) => (await ask("status", {kind: "status", ...question})).status,
    exits: async (question) => (await ask("exits", {kind: "exits", ...question})).page,
    namedExits: async (question) => (await ask("exits", {kind: "named_exits", ...question})).page,
    exit: async (question) => (await ask("exit", {kind: "exit", ...question})).exit,
    deadLetters: async (question) => (await ask("dead_letters", {kind: "dead_letters", ...question})).page,
  };
}

const isCode = (code: string): code is ErrorCode => code in dispositions;

function toError({code, reason}: Extract<Reply, {kind: "problem"}>): DvtError {
  if (isCode(code)) return new DvtError(code, `ask the relayer: ${reason}`);
  return new DvtError("BUS_UNAVAILABLE", `ask the relayer: it cannot answer: ${reason} [${code}]`);
}
