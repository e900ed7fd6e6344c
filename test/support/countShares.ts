import type {DepositShare} from "../../schemas/depositShare.js";
import type {ExitShare} from "../../schemas/exitShare.js";
import type {Bus} from "../../src/messaging/connect.js";

type Counted = {readonly shares: number; readonly messages: number};

/** Counts the shares that are published from now on, and the messages that carry them. */
export function countShares({connection}: Bus): () => Promise<Counted> {
  let shares = 0;
  let messages = 0;
  const add = (entries: readonly unknown[]): void => {
    shares += entries.length;
    messages += 1;
  };
  connection.subscribe("dvt.v2.exit_shares.>", {callback: (_, message) => add(message.json<ExitShare>().exits)});
  connection.subscribe("dvt.v2.deposit_shares.>", {callback: (_, message) => add(message.json<DepositShare>().deposits)});
  return async () => {
    // The server answers after everything that it had before.
    await connection.flush();
    return {shares, messages};
  };
}
