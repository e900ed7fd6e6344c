import type {NetworkName} from "../../../schemas/fields.js";
import {longestLeaseMs} from "../../../schemas/registration.js";
import type {Bus} from "../../messaging/connect.js";
import type {Claim} from "../../registration/claim.js";
import type {Journal} from "../../registration/journal.js";
import {openClaim} from "../../registration/openClaim.js";
import {parseDurationMs} from "../../runtime/duration.js";
import {type ConnectOptions, connectOperator} from "./connectOperator.js";

type WalletClaim = Pick<ConnectOptions, "logger" | "shutdown"> & {
  readonly config: {readonly NETWORK: NetworkName; readonly OPERATOR_ID: string; readonly CLAIM_LEASE: string};
  /** The address of what pays, in hex with 0x. */
  readonly wallet: string;
  /** How long another process's claim is waited for; undefined: nothing is sent, and nothing claimed. */
  readonly waitMs: number | undefined;
};
/** `vault`: 20 bytes in lower-case hex with 0x. */
type Options = ConnectOptions & WalletClaim & {readonly config: ConnectOptions["config"] & WalletClaim["config"]};

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

/**
 * Connects to the bus as the operator, and claims the vault and the wallet: no other process registers for the one meanwhile, or sends
 * from the other.
 */
export async function claimVault(
  options: Options & {readonly vault: string},
): Promise<{readonly bus: Bus; readonly journal: Journal}> {
  const bus = await connectOperator(options);
  const claim = await claimUntilStop(bus, {...options, claimed: "vault"});
  await claimWallet(bus, options);
  return {
    bus,
    journal: {read: async () => claim?.pending ?? {}, write: async (pending) => claim?.write(pending)},
  };
}

/** Claims the wallet alone, for a command that others may run for the same vault. */
export async function claimWallet(bus: Bus, options: WalletClaim): Promise<void> {
  await claimUntilStop(bus, {...options, vault: options.wallet.toLowerCase(), claimed: "wallet"});
}

async function claimUntilStop(
  bus: Bus,
  {
    config,
    vault,
    claimed,
    logger,
    shutdown,
    waitMs,
  }: WalletClaim & {readonly vault: string; readonly claimed: "vault" | "wallet"},
): Promise<Claim | undefined> {
  if (waitMs === undefined) return undefined;
  const {NETWORK: network, OPERATOR_ID: operatorId, CLAIM_LEASE: lease} = config;
  const {signal} = shutdown;
  const claim = await openClaim(bus, {
    network,
    operatorId,
    vault,
    claimed,
    logger,
    signal,
    waitMs,
    leaseMs: parseDurationMs(lease),
  });
  shutdown.onStop(claim.release);
  claim.lost.addEventListener("abort", () => shutdown.fail(claim.lost.reason), {once: true});
  return claim;
}
