import {setTimeout as delay} from "node:timers/promises";
import {DvtError} from "../errors.js";
import type {Bus} from "./connect.js";

/** BUS_UNAVAILABLE if the server does not answer in time. */
export async function ping({connection, identity}: Bus, withinMs: number): Promise<void> {
  const stop = new AbortController();
  const tooLate = delay(withinMs, "too late" as const, {signal: stop.signal}).catch(() => "too late" as const);
  const answered = connection.rtt().then(
    () => "answered" as const,
    () => "too late" as const,
  );
  const outcome = await Promise.race([answered, tooLate]);
  stop.abort();
  if (outcome === "too late") throw new DvtError("BUS_UNAVAILABLE", `reach NATS as ${identity.participant}: it does not answer`);
}
