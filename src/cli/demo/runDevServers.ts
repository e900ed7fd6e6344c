import {once} from "node:events";
import {type DevServers, startDevServers} from "../../demo/devServers.js";
import {DvtError} from "../../errors.js";
import {createShutdown} from "../../runtime/shutdown.js";
import {userPath} from "../../runtime/userPath.js";
import {stopOnSignals} from "../stopOnSignals.js";
import {terminal} from "../terminal.js";
import {portProblems} from "./portProblems.js";

/** The options of `dvt dev-servers`. */
export type DevServersFlags = {folder: string; natsPort: number; mongodbPort: number};

/** `dvt dev-servers`: both servers, until Ctrl+C or until one of them ends. USAGE if a port is taken, before anything starts. */
export async function runDevServers(flags: DevServersFlags, env: NodeJS.ProcessEnv): Promise<void> {
  const {natsPort, mongodbPort} = flags;
  const problems = [...(await portProblems("--nats-port", natsPort)), ...(await portProblems("--mongodb-port", mongodbPort))];
  if (problems.length > 0) throw new DvtError("USAGE", problems.join("\n"));
  const folder = userPath(flags.folder, env);
  const shutdown = createShutdown({graceMs: 30_000, onError: (error) => terminal.err(`dvt: ${String(error)}\n`)});
  stopOnSignals(shutdown, ["SIGINT", "SIGTERM", "SIGHUP"]);
  const announce = (step: string): void => terminal.err(`• ${step}\n`);
  try {
    const servers = await startDevServers({folder, natsPort, mongodbPort}, shutdown, announce);
    terminal.out(toHowTo(servers, folder));
    await Promise.race([once(shutdown.signal, "abort"), servers.endedEarly]);
  } catch (error) {
    if (!shutdown.signal.aborted) throw error;
  } finally {
    await shutdown.stop();
  }
}

const toHowTo = ({natsUrl, mongodbUrl, database}: DevServers, folder: string): string => `
NATS_URL=${natsUrl}
NATS_SHARED_ACCOUNT=true
MONGODB_URL=${mongodbUrl}

For trying things without Docker; never for real keys. Neither server asks who you are: every program on this machine can read
and change everything. ${keeping[database]}
The data stays in ${folder}. Ctrl+C ends both.
`;

const keeping = {
  mongod: "The database is a mongod without a replica set.",
  embedded: "The embedded database acknowledges a write up to a second before it is on the disk: a crash can lose it.",
};
