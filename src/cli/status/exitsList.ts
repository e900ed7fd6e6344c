import {type ExitState, maxPageSize, type Question} from "../../../schemas/query.js";
import type {ExitsPage} from "../../../schemas/status.js";
import {DvtError} from "../../errors.js";
import {parseEnv} from "../../runtime/env.js";
import type {StatusReader} from "../../status/statusReader.js";
import {StatusEnv} from "../env/statusEnv.js";
import {openStatusReader} from "../opening/openStatusReader.js";
import {terminal} from "../terminal.js";
import {exitsTable} from "./exitsTable.js";

export type ExitsListOptions = {
  state: ExitState;
  cluster?: string;
  olderThan?: number;
  key?: string;
  limit: number;
  json?: boolean;
};

/** Runs `dvt exits list`. */
export async function runExitsList(options: ExitsListOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const {state, cluster, olderThan, key, limit, json = false} = options;
  const config = parseEnv(StatusEnv, env);
  if (key !== undefined && !/^0x[0-9a-fA-F]{0,96}$/.test(key)) {
    throw new DvtError("USAGE", `exits list: --key ${key} is not the beginning of a public key in hex with 0x`);
  }
  const {bus, reader} = await openStatusReader(config, env);
  try {
    const page = await readPages(reader, limit, {
      state,
      ...(cluster !== undefined && {cluster_id: cluster}),
      ...(olderThan !== undefined && {older_than_ms: olderThan}),
      ...(key !== undefined && {public_key: key.toLowerCase()}),
    });
    if (json) terminal.out(page.exits.map((exit) => `${JSON.stringify(exit)}\n`).join(""));
    else terminal.show(exitsTable(page, {state, width: terminal.width()}));
    if (page.cursor !== undefined) terminal.err(`there are more; --limit says how many are listed (${limit})\n`);
  } finally {
    await bus.close();
  }
}

type Ask = Omit<Extract<Question, {kind: "exits"}>, "kind" | "cursor" | "limit">;

/** As many exits as the limit, of as many pages as it takes; a cursor if there are more. */
export async function readPages(reader: Pick<StatusReader, "exits">, limit: number, ask: Ask): Promise<ExitsPage> {
  let page: ExitsPage = {at: 0, exits: []};
  do {
    const {exits, cursor} = page;
    const next = await reader.exits({
      ...ask,
      limit: Math.min(limit - exits.length, maxPageSize),
      ...(cursor !== undefined && {cursor}),
    });
    page = {...next, exits: [...exits, ...next.exits]};
  } while (page.cursor !== undefined && page.exits.length < limit);
  return page;
}
