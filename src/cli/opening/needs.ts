import type {Need} from "../../health/readiness.js";
import type {Bus} from "../../messaging/connect.js";
import {ping} from "../../messaging/ping.js";
import type {CheckedOracles} from "../../oracles/liveOracles.js";
import type {Store} from "../../store/connect.js";

const answersWithinMs = 2000;

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** Presences that fail are published again every 5 s, so this is more than one attempt. */
const storesNothingMs = 10_000;

/** A running role needs NATS to answer on this connection, and JetStream to answer its consumers, and to store what it publishes. */
export function busNeeds(bus: Bus): Need[] {
  const {participant} = bus.identity;
  return [
    {
      reason: "BUS_UNREACHABLE",
      sentence: `NATS does not answer ${participant}`,
      participant,
      isMet: () => succeeds(ping(bus, answersWithinMs)),
    },
    {
      reason: "CONSUMER_SILENT",
      sentence: `JetStream does not answer a consumer of ${participant}`,
      isMet: async () => bus.silentConsumers.size === 0,
    },
    {
      reason: "BUS_UNWRITABLE",
      sentence: `JetStream stores nothing that ${participant} publishes`,
      isMet: async () => bus.storing.failsForMs() < storesNothingMs,
    },
  ];
}

/** A running role needs MongoDB to answer and to accept writes. */
export const storeNeed = ({isWritable, ping}: Store): Need => ({
  reason: "STORE_UNWRITABLE",
  sentence: "MongoDB does not answer, or accepts no writes",
  isMet: async () => isWritable() && (await succeeds(ping())),
});

/** Many times ORACLES_REFRESH: a node that is restarted is no reason. */
const oldAfterMs = 600_000;

/** A role that follows the oracle set needs to know that it has the current one. */
export const oraclesNeed = ({checkedAgoMs}: CheckedOracles): Need => ({
  reason: "ORACLES_OLD",
  sentence: "the current oracle set was not read from the chain for 10 minutes",
  isMet: async () => checkedAgoMs() < oldAfterMs,
});
