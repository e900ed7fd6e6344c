import {once} from "node:events";
import {createServer} from "node:net";

const highest = 65_535;

/** Why nothing could listen on this port of 127.0.0.1, which `flag` named, checked before anything starts. */
export async function portProblems(flag: string, port: number | undefined): Promise<string[]> {
  if (port === undefined) return [];
  if (port > highest) return [`${flag} ${port} is more than ${highest}`];
  const server = createServer();
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    server.close();
    await once(server, "close");
    return [];
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    const problem = isTaken ? "something already listens on it" : (error as Error).message;
    return [`${flag} ${port}: ${problem}; 0 takes any free port`];
  }
}
