import {writeFileSync} from "node:fs";
import {Session} from "node:inspector";

/**
 * Imported into a process before its own code: writes what the process spent its time on, when it ends. The
 * environment cannot ask for --cpu-prof: Node.js 20.19. */
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.start");
process.on("exit", () => {
  session.post("Profiler.stop", (_, {profile}) => writeFileSync(process.env["BENCH_PROFILE"] ?? "", JSON.stringify(profile)));
});
