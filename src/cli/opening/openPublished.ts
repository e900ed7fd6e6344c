import type {NetworkName} from "../../../schemas/fields.js";
import type {Bus} from "../../messaging/connect.js";
import type {EntryWatch} from "../../messaging/entryWatch.js";
import {userPath} from "../../runtime/userPath.js";
import {followPublished} from "../../trust/followPublished.js";
import {loadTrust} from "../../trust/trustFile.js";
import type {StartContext} from "../roleProcess.js";

type Options = Pick<StartContext, "logger" | "waitFor"> & {
  readonly config: {readonly NETWORK: NetworkName; readonly PARTICIPANTS_FILE: string; readonly TRUST_FILE?: string | undefined};
  readonly env: NodeJS.ProcessEnv;
};

/** A connection on which the administrator's versions can be read, and who learns whether one is held. */
type Reading = {readonly bus: Bus; readonly watch?: EntryWatch | undefined};

/** What waits, among what a process says of itself. */
const heldEntry = "participants";

/**
 * With TRUST_FILE, what brings PARTICIPANTS_FILE up to date on the first of the given connections; it never rejects. Without, undefined:
 * only people change the file.
 */
export async function openPublished({
  config,
  env,
  logger,
  waitFor,
}: Options): Promise<((readings: readonly Reading[]) => Promise<void>) | undefined> {
  if (config.TRUST_FILE === undefined) return undefined;
  const {NETWORK: network} = config;
  const trustFile = userPath(config.TRUST_FILE, env);
  const participantsFile = userPath(config.PARTICIPANTS_FILE, env);
  await waitFor("the trust file", () => loadTrust(trustFile, network));
  const {poll} = followPublished({trustFile, participantsFile, network, logger});
  return async (readings) => {
    const [first] = readings;
    if (!first) return;
    const isHeld = await poll(first.bus);
    for (const {watch} of readings) {
      if (isHeld) watch?.retried(heldEntry, "PARTICIPANTS_UNTRUSTED");
      else watch?.handled(heldEntry);
    }
  };
}
