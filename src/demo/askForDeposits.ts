import {readFile} from "node:fs/promises";
import {exitBatch} from "../../schemas/exitBatch.js";
import {readDeposits} from "../client/depositData.js";
import {toBatches} from "../client/toBatches.js";
import {connectBus} from "../messaging/connect.js";
import {toIdentity} from "../messaging/identity.js";
import {publish} from "../messaging/publish.js";
import {createLogger} from "../runtime/logger.js";
import {type Demo, operatorId} from "./prepareDemo.js";

/**
 * Asks for the deposits too and waits for none: StakeWise's sidecars from v2 on are given an exit only together with its deposit,
 * and earlier ones sign no deposits.
 */
export async function askForDeposits(demo: Demo, startIndex: number): Promise<void> {
  const {network, depositData, participants, servers, keyFiles} = demo;
  const participant = `operator-${operatorId}`;
  const identity = toIdentity(participant, await readFile(keyFiles.seedFile(participant), "utf8"));
  const logger = createLogger({role: "demo", level: "error", format: "plain"});
  const deposits = await readDeposits(depositData, network);
  const exits = deposits.map((it, position) => ({...it, network, validatorIndex: startIndex + position}));
  const bus = await connectBus({url: servers.natsUrl, sharedAccount: servers.sharedAccount, identity, participants, logger});
  try {
    const asker = {operatorId, requestedAt: Date.now(), identity};
    for (const {batch} of toBatches(exits, asker)) await publish(bus, exitBatch, batch);
  } finally {
    await bus.close();
  }
}
