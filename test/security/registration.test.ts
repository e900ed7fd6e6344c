import {describe, expect, it} from "vitest";
import {registration} from "../../schemas/registration.js";
import type {Bus} from "../../src/messaging/connect.js";
import {publish} from "../../src/messaging/publish.js";
import {aPending, aVault, claimTestVault} from "../support/aClaim.js";
import {ask, connectRaw} from "../support/attacker.js";
import {aRegistration} from "../support/examples/messages.js";
import {createStage, messagesIn, type Stage} from "../support/stage.js";

const pending = aPending();
const vaultOf = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;

/** The operator op-1, and a hostile op-2 that shares no cluster with it. */
async function strangers(): Promise<{stage: Stage; own: Bus; stranger: Bus}> {
  const stage = await createStage();
  const [own, stranger] = [await stage.busOf("operator-op-1"), await stage.busOf("operator-op-2")];
  const {participants} = stage;
  own.trust({
    ...participants,
    clusters: participants.clusters.map((it) => ({
      ...it,
      operatorIds: it.operatorIds.filter((id) => it.id !== "c1" || id === "op-1"),
    })),
  });
  return {stage, own, stranger};
}
const squat = (bus: Bus, vault = aVault) =>
  publish(bus, registration, aRegistration({operator_id: "op-2", vault, lease_ms: 600_000}));

describe("an operator of other clusters", () => {
  it("cannot claim the vault of others, neither before them nor while they have it", async () => {
    const {own, stranger} = await strangers();
    await squat(stranger);
    const claim = await claimTestVault(own);
    expect(claim.pending).toEqual({});
    await squat(stranger);
    await claim.write(pending);
    await squat(stranger);
    await claim.write({});
    expect(claim.lost.aborted).toBe(false);
  });

  it("cannot have a transaction forgotten", async () => {
    const {own, stranger} = await strangers();
    const claim = await claimTestVault(own);
    await claim.write(pending);
    await claim.release();
    await squat(stranger);
    expect((await claimTestVault(own)).pending).toEqual(pending);
  });

  it("cannot have one dropped by filling the stream, nor keep its operator from replacing it", async () => {
    const {stage, own, stranger} = await strangers();
    const claim = await claimTestVault(own);
    await claim.write(pending);
    for (let first = 0; first < 1000; first += 100) {
      const some = Array.from({length: 100}, (_, position) => squat(stranger, vaultOf(first + position)).catch(() => "full"));
      await Promise.all(some);
    }
    expect(await messagesIn(stage.bus, "REGISTRATIONS")).toBe(1000);
    await expect(claimTestVault(own, {vault: vaultOf(5000)})).rejects.toMatchObject({code: "QUOTA_FULL"});
    await claim.write({...pending, operation: {...pending.operation, nonce: 8}});
    await claim.release();
    expect((await claimTestVault(own)).pending).toEqual({...pending, operation: {...pending.operation, nonce: 8}});
  });
});

describe("nobody but its operator", () => {
  it.each(["operator-op-2", "relayer", "aggregator", "sidecar-c1-4", "viewer-v-1"])(
    "is %s: it cannot say anything in another's name, nor change the stream",
    async (participant) => {
      const stage = await createStage();
      const connection = await connectRaw(stage.nats.url, stage.seedFile(participant), `_INBOX_${participant}`);
      for (const subject of [`hoodi.op-1.${aVault}`, `mainnet.op-2.${aVault}`, `hoodi.${participant}.${aVault}`, `hoodi.op-1`])
        expect(await ask(connection, `dvt.v2.registrations.${subject}`, "{}"), subject).toBe("refused");
      for (const call of ["PURGE", "DELETE", "MSG.DELETE", "UPDATE"])
        expect(await ask(connection, `dvt.js.STREAM.${call}.REGISTRATIONS`, {seq: 1}), call).toBe("refused");
      const reading = participant === "operator-op-2" ? "answered" : "refused";
      expect(await ask(connection, "dvt.js.STREAM.MSG.GET.REGISTRATIONS", {seq: 1})).toBe(reading);
      expect(await messagesIn(stage.bus, "REGISTRATIONS")).toBe(0);
    },
  );
});
