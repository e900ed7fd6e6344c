import type {NetworkName} from "../../../schemas/fields.js";
import {longestLeaseMs} from "../../../schemas/registration.js";
import type {Bus} from "../../messaging/connect.js";
import type {Journal} from "../../registration/journal.js";
import {openClaim} from "../../registration/openClaim.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {type ConnectOptions, connectOperator} from "./connectOperator.js";

type Options = ConnectOptions & {
  readonly config: ConnectOptions["config"] & {readonly NETWORK: NetworkName; readonly CLAIM_LEASE: string};
  /** 20 bytes in lower-case hex with 0x */
  readonly vault: string;
  /** How long another process's claim of the vault is waited for; undefined: nothing is sent, and the vault not claimed. */
  readonly waitMs: number | undefined;
};

/** Longer than the claim of a process that was killed, unless its CLAIM_LEASE was longer than usual. */
export const claimWaitMs = 70_000;
/** Of a shorter one, a busy machine would miss the renewals. */
const shortestLeaseMs = 3000;

/** Problems of CLAIM_LEASE, for parseEnv. */
export function claimLeaseProblems(lease: string | undefined): string[] {
  if (lease === undefined) return [];
  const ms = parseDurationMs(lease);
  // What is no duration was told already.
  return Number.isNaN(ms) || (ms >= shortestLeaseMs && ms <= longestLeaseMs)
    ? []
    : [`CLAIM_LEASE ${lease} is too ${ms < shortestLeaseMs ? "short" : "long"}: it may be 3s to 10m`];
}

/** Connects to the bus as the operator, and claims the vault: no other process registers for it meanwhile. */
export async function claimVault(options: Options): Promise<{readonly bus: Bus; readonly journal: Journal}> {
  const {config, vault, logger, shutdown, waitMs} = options;
  const {NETWORK: network, OPERATOR_ID: operatorId} = config;
  const bus = await connectOperator(options);
  const claim =
    waitMs === undefined
      ? undefined
      : await openClaim(bus, {
          network,
          operatorId,
          vault,
          logger,
          signal: shutdown.signal,
          waitMs,
          leaseMs: parseDurationMs(config.CLAIM_LEASE),
        });
  if (claim) shutdown.onStop(claim.release);
  claim?.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  return {
    bus,
    journal: {read: async () => claim?.pending, write: async (pending) => claim?.write(pending)},
  };
}
