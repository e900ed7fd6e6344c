import type {NetworkName} from "../../../schemas/fields.js";
import type {Bus} from "../../messaging/connect.js";
import type {Journal} from "../../registration/journal.js";
import {openClaim} from "../../registration/openClaim.js";
import {connectAs} from "../opening/connectAs.js";
import type {LiveFiles} from "../opening/liveFiles.js";
import type {StartContext} from "../roleProcess.js";

type Options = StartContext & {
  readonly config: Parameters<typeof connectAs>[2]["config"] & {readonly NETWORK: NetworkName; readonly OPERATOR_ID: string};
  readonly env: NodeJS.ProcessEnv;
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  readonly files: LiveFiles;
  /** How long another process's claim of the vault is waited for; undefined: nothing is sent, and the vault not claimed. */
  readonly waitMs: number | undefined;
};

/** Longer than the claim of a process that was killed. */
export const claimWaitMs = 70_000;

/** Connects to the bus as the operator, and claims the vault: no other process registers for it meanwhile. */
export async function claimVault(options: Options): Promise<{readonly bus: Bus; readonly journal: Journal}> {
  const {config, env, vault, files, logger, shutdown, waitFor, waitMs} = options;
  const {NETWORK: network, OPERATOR_ID: operatorId} = config;
  const participants = files.participants();
  const nkeyIn = (now: typeof participants) => now.operators.find(({id}) => id === operatorId)?.nkey;
  const bus = await connectAs(`operator-${operatorId}`, nkeyIn(participants), {participants, config, env, logger, waitFor});
  shutdown.onStop(bus.close);
  const claim =
    waitMs === undefined
      ? undefined
      : await openClaim(bus, {network, operatorId, vault, logger, signal: shutdown.signal, waitMs});
  if (claim) shutdown.onStop(claim.release);
  claim?.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  files.attach(bus, nkeyIn);
  // An operator holds no exits of others: its definitions may change at any time.
  files.follow({findHeld: async () => []});
  return {
    bus,
    journal: {read: async () => claim?.pending, write: async (pending) => claim?.write(pending)},
  };
}
