import type {Bus} from "../../src/messaging/connect.js";

/** How many exits or deposits the messages carry that EXIT_SHARES holds on this subject. */
export async function entriesOn({connection}: Bus, subject: string): Promise<number> {
  const jsm = await connection.jetstreamManager();
  const {first_seq, last_seq} = (await jsm.streams.info("EXIT_SHARES")).state;
  let count = 0;
  for (let seq = Math.max(1, first_seq); seq <= last_seq; seq++) {
    const message = await jsm.streams.getMessage("EXIT_SHARES", {seq});
    if (message.subject !== subject) continue;
    const {exits = [], deposits = [], refusals = []} = message.json<Record<string, unknown[]>>();
    count += exits.length + deposits.length + refusals.length;
  }
  return count;
}
