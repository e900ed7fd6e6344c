import type {Reply} from "../../schemas/answer.js";
import type {Question} from "../../schemas/query.js";
import {DvtError} from "../errors.js";
import {askRelayer} from "../messaging/askRelayer.js";
import type {Bus} from "../messaging/connect.js";
import {RelayerProblem} from "./relayerProblem.js";
import type {StatusReader} from "./statusReader.js";

/** Asks the relayers, and waits so long for each answer, or for 10 s. What a relayer could not read is thrown as a RelayerProblem. */
export function askStatus(bus: Bus, options?: {readonly waitMs?: number}): StatusReader {
  const ask = async <K extends Reply["kind"]>(kind: K, question: Question): Promise<Extract<Reply, {kind: K}>> => {
    const reply = await askRelayer(bus, question, options);
    if (reply.kind === "problem") throw new RelayerProblem(reply.code, reply.reason);
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
