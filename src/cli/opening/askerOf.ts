import {toIdentity} from "../../messaging/identity.js";
import type {Participants} from "../../participants/participants.js";
import {readKeyFile} from "../../runtime/secretFile.js";
import {userPath} from "../../runtime/userPath.js";
import {findAsker} from "./findAsker.js";

type AskerConfig = {readonly NATS_SEED_FILE: string; readonly ALLOW_EXPOSED_KEY_FILES: "true" | "false"};

/** Who the seed in NATS_SEED_FILE belongs to, if it may ask the relayer. KEY_FILE_INVALID otherwise. */
export async function askerOf(
  participants: Participants,
  config: AskerConfig,
  env: NodeJS.ProcessEnv,
): Promise<{participant: string; nkey: string}> {
  const allowExposed = config.ALLOW_EXPOSED_KEY_FILES === "true";
  const seed = await readKeyFile(userPath(config.NATS_SEED_FILE, env), "the nkey seed", {allowExposed});
  const {nkey} = toIdentity("whoever asks", seed);
  return {participant: findAsker(participants, nkey), nkey};
}
