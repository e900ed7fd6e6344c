import {DvtError} from "../../errors.js";
import {isLoopback} from "../../runtime/isLoopback.js";
import {connectStore, type Store} from "../../store/connect.js";
import {describeServers} from "../../store/describeServers.js";
import {readRights} from "../../store/readRights.js";
import type {StoreRole} from "../../store/rights.js";
import {type Check, createPart, Fault, partCheck, toCheck} from "./check.js";
import type {Context} from "./context.js";

const mostListed = 6;
const listed = (rights: readonly string[]): string =>
  rights.length <= mostListed
    ? rights.join(", ")
    : `${rights.slice(0, mostListed).join(", ")} and ${rights.length - mostListed} more`;

/** MongoDB, and what the role's login may do there. */
export function storeChecks(role: StoreRole, {config, shutdown}: Context<{readonly MONGODB_URL: string}>): Check[] {
  const store = createPart<Store>("MongoDB", async (logger) => {
    const opened = await connectStore(config.MONGODB_URL, logger);
    shutdown.onStop(opened.close);
    await opened.ping();
    if (opened.isWritable()) return opened;
    throw new DvtError("STORE_UNAVAILABLE", "reach mongodb: no server accepts writes; does its replica set have a primary?");
  });
  return [
    partCheck(
      store,
      async ({db}) => `answers and accepts writes, ${await describeServers(db)}; a write counts once a majority has it on disk`,
      {asNotes: true},
    ),
    toCheck("rights on MongoDB", async () => {
      const {db} = await store.need();
      return describeRights(
        role,
        await readRights(db, role),
        db.client.options.hosts.map(({host}) => host ?? "localhost"),
      );
    }),
  ];
}

const rightsTodo = "Run docker/mongo/users.js, which gives each role exactly its rights (docs/configuration.md, MongoDB).";

/** The sentence about the rights; a Fault unless they are those of the role. */
export function describeRights(role: StoreRole, found: Awaited<ReturnType<typeof readRights>>, hosts: readonly string[]): string {
  if (found === undefined) return "not known: this server does not say what a login may do";
  const {user, missing, excess} = found;
  if (user === undefined) {
    if (hosts.every(isLoopback)) return "nobody has to log in, and whoever is on this machine may change everything";
    throw new Fault("nobody has to log in: whoever reaches MongoDB may read and change everything", rightsTodo);
  }
  if (missing.length > 0) throw new Fault(`${user} may not do what the ${role} does: ${listed(missing)}`, rightsTodo);
  if (excess.length > 0) throw new Fault(`${user} may do more than the ${role} needs: ${listed(excess)}`, rightsTodo);
  return `${user} may do what the ${role} does, and nothing else`;
}
