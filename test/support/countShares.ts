import type {DepositShare} from "../../schemas/depositShare.js";
import type {ExitShare} from "../../schemas/exitShare.js";
import type {Bus} from "../../src/messaging/connect.js";

type Counted = {readonly shares: number; readonly messages: number};

/**
 * Counts the shares that are published from now on, and the messages that carry them. A message that is published again, the same to
 * the byte, counts once: its publisher waited too long for the bus, on a busy machine.
 */
export function countShares({connection}: Bus): () => Promise<Counted> {
  let shares = 0;
  let messages = 0;
  const seen = new Set<string>();
  const add = (entries: readonly unknown[], text: string): void => {
    if (seen.has(text)) return;
    seen.add(text);
    shares += entries.length;
    messages += 1;
  };
  connection.subscribe("dvt.v2.exit_shares.>", {
    callback: (_, message) => add(message.json<ExitShare>().exits, message.string()),
  });
  connection.subscribe("dvt.v2.deposit_shares.>", {
    callback: (_, message) => add(message.json<DepositShare>().deposits, message.string()),
  });
  return async () => {
    // The server answers after everything that it had before.
    await connection.flush();
    return {shares, messages};
  };
}
