import {onTestFinished} from "vitest";
import type {Bus} from "../../src/messaging/connect.js";
import type {Claim} from "../../src/registration/claim.js";
import {openClaim} from "../../src/registration/openClaim.js";
import type {PendingOperation} from "../../src/registration/pendingOperation.js";
import type {PendingRegistration} from "../../src/registration/pendingRegistration.js";
import {silent} from "./servers.js";

/** A claim of a vault by the operator of this connection, which ends with the test. */
export async function claimTestVault(bus: Bus, change: Partial<Parameters<typeof openClaim>[1]> = {}): Promise<Claim> {
  const operatorId = bus.identity.participant.replace("operator-", "");
  const {signal} = new AbortController();
  const claim = await openClaim(bus, {network: "hoodi", vault: aVault, operatorId, logger: silent, signal, ...change});
  onTestFinished(claim.release);
  return claim;
}

export const aVault = `0x${"a1".repeat(20)}`;

/** Both kinds. */
export const aPending = (): {readonly registration: PendingRegistration; readonly operation: PendingOperation} => {
  const sent = {
    wallet: `0x${"b2".repeat(20)}`,
    nonce: 7,
    hashes: [`0x${"e1".repeat(32)}`, `0x${"e2".repeat(32)}`],
    fees: {maxFeePerGas: 2n ** 70n, maxPriorityFeePerGas: 0n},
  };
  const publicKeys = [`0x${"ab".repeat(48)}`];
  return {
    registration: {...sent, depositRoot: `0x${"d7".repeat(32)}`, deadline: 1_700_000_600, publicKeys},
    operation: {...sent, managerNonce: `0x${"05".padStart(64, "0")}`},
  };
};

/** When the claim is lost, and why. */
export const untilLost = ({lost}: Claim): Promise<unknown> =>
  new Promise((resolve) => {
    if (lost.aborted) resolve(lost.reason);
    lost.addEventListener("abort", () => resolve(lost.reason), {once: true});
  });
