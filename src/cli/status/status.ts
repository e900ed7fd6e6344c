import {DvtError} from "../../errors.js";
import {createPresenceReader} from "../../presence/followPresence.js";
import {parseEnv} from "../../runtime/env.js";
import {StatusEnv} from "../env/statusEnv.js";
import {type Asking, openStatusReader} from "../opening/openStatusReader.js";
import {terminal} from "../terminal.js";
import {type Picture, pictureJson, pictureText} from "./picture.js";
import {readSeen} from "./readSeen.js";
import {watchStatus} from "./watchStatus.js";

export type StatusOptions = {cluster?: string; watch?: boolean; json?: boolean};

const exitCodes = {answered: 0, noRelayer: 75} as const;

/** Runs `dvt status`, and returns its exit status. */
export async function runStatus({cluster, watch = false, json = false}: StatusOptions, env: NodeJS.ProcessEnv): Promise<number> {
  if (watch && !json && !terminal.isInteractive()) {
    throw new DvtError("USAGE", "status: --watch needs a terminal; with --json it writes a line every second");
  }
  const config = parseEnv(StatusEnv, env);
  const asking = await openStatusReader(config, env);
  const read = pictureReader(asking, cluster);
  try {
    if (watch) {
      await watchStatus(read, {json});
      return exitCodes.answered;
    }
    const picture = await read();
    if (json) terminal.out(pictureJson(picture));
    else terminal.show(pictureText(picture, terminal.width()));
    if ("status" in picture) return exitCodes.answered;
    if (json) terminal.err(`${picture.reason}\n`);
    return exitCodes.noRelayer;
  } finally {
    await asking.bus.close();
  }
}

/** Asks the relayer; where none answers, the administrator reads what everybody said about itself. */
function pictureReader({bus, reader, logger}: Asking, cluster: string | undefined): () => Promise<Picture> {
  const presence = createPresenceReader(bus, {network: bus.participants().network, logger});
  return async () => {
    try {
      const status = await reader.status(cluster === undefined ? {} : {cluster_id: cluster});
      if (cluster === undefined || status.clusters.length > 0) return {status};
    } catch (error) {
      const isAway = error instanceof DvtError && error.code === "BUS_UNAVAILABLE";
      if (!isAway || bus.identity.participant !== "admin") throw error;
      return {reason: error.message, seen: await readSeen(bus, presence, cluster)};
    }
    throw new DvtError("USAGE", `status: there is no cluster ${cluster}, or it is not yours to see`);
  };
}
