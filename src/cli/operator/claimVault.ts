import type {NetworkName} from "../../../schemas/fields.js";
import type {Bus} from "../../messaging/connect.js";
import type {Journal} from "../../registration/journal.js";
import {openClaim} from "../../registration/openClaim.js";
import {type ConnectOptions, connectOperator} from "./connectOperator.js";

type Options = ConnectOptions & {
  readonly config: ConnectOptions["config"] & {readonly NETWORK: NetworkName};
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** How long another process's claim of the vault is waited for; undefined: nothing is sent, and the vault not claimed. */
  readonly waitMs: number | undefined;
};

/** Longer than the claim of a process that was killed. */
export const claimWaitMs = 70_000;

/** Connects to the bus as the operator, and claims the vault: no other process registers for it meanwhile. */
export async function claimVault(options: Options): Promise<{readonly bus: Bus; readonly journal: Journal}> {
  const {config, vault, logger, shutdown, waitMs} = options;
  const {NETWORK: network, OPERATOR_ID: operatorId} = config;
  const bus = await connectOperator(options);
  const claim =
    waitMs === undefined
      ? undefined
      : await openClaim(bus, {network, operatorId, vault, logger, signal: shutdown.signal, waitMs});
  if (claim) shutdown.onStop(claim.release);
  claim?.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  return {
    bus,
    journal: {read: async () => claim?.pending, write: async (pending) => claim?.write(pending)},
  };
}
