import {describe, expect, it} from "vitest";
import {type ExitRequest, exitRequest} from "../../../schemas/exitRequest.js";
import type {ExitShare} from "../../../schemas/exitShare.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {decrypt} from "../../../src/ecies/ecies.js";
import {verifyShare} from "../../../src/exits/recoverExit.js";
import {fromHex} from "../../../src/runtime/hex.js";
import {handleExitRequest} from "../../../src/sidecar/handleExitRequest.js";
import type {Sidecar} from "../../../src/sidecar/sidecar.js";
import {createStage, type Dealt, lastMessage, messagesIn, type Stage} from "../../support/stage.js";

const sidecarOf = (stage: Stage, shareIndex: number): Sidecar => {
  const [first] = stage.dealt as [Dealt];
  return {
    network: networks.hoodi,
    clusterId: "c1",
    keyShares: {
      shareIndex,
      publicKeys: new Set([first.publicKeyHex]),
      sign: async ({network, validatorIndex}) => {
        const secret = first.dealt.secretShares[shareIndex - 1];
        return secret?.sign(voluntaryExitSigningRoot(network, validatorIndex)).toBytes() ?? new Uint8Array();
      },
    },
    aggregatorKey: stage.aggregatorKey,
    bus: stage.bus,
    logger: stage.relayer.logger,
  };
};

const aRequest = (stage: Stage, changes: Partial<ExitRequest> = {}): ExitRequest => ({
  network: "hoodi",
  cluster_id: "c1",
  public_key: (stage.dealt[0] as Dealt).publicKeyHex,
  requested_at: 1,
  voluntary_exit: {epoch: 0, validator_index: 1000},
  ...changes,
});

const deliver = (stage: Stage, request: ExitRequest, subject = exitRequest.subject(request)): Promise<string> =>
  handleExitRequest(sidecarOf(stage, 2), {subject, data: new TextEncoder().encode(JSON.stringify(request)), timestampMs: 0});

describe("a sidecar", () => {
  it("signs with its key share, for the aggregator's eyes only", async () => {
    const stage = await createStage();
    expect(await deliver(stage, aRequest(stage))).toBe("signed");
    const share = (await lastMessage(stage.bus, "EXIT_SHARES", "dvt.v1.exit_shares.hoodi.c1.2")) as ExitShare;
    expect(share).toMatchObject({share_index: 2, validator_index: 1000});
    const signature = decrypt(stage.aggregator.privateKeys[0] as Uint8Array, fromHex(share.encrypted_signature));
    const publicKeyShare = (stage.dealt[0] as Dealt).validator.publicKeyShares.get(2);
    expect(
      publicKeyShare && verifyShare(publicKeyShare, voluntaryExitSigningRoot(networks.hoodi, 1000), signature),
    ).toBeDefined();
  });

  it("leaves alone a validator that it has no key share of", async () => {
    const stage = await createStage();
    expect(await deliver(stage, aRequest(stage, {public_key: (stage.dealt[1] as Dealt).publicKeyHex}))).toBe("not held");
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it.each<{id: string; changes: Partial<ExitRequest>; code: string}>([
    {id: "another epoch", changes: {voluntary_exit: {epoch: 1, validator_index: 1000}}, code: "EXIT_EPOCH_WRONG"},
    {id: "another cluster", changes: {cluster_id: "c2"}, code: "CLUSTER_UNKNOWN"},
    {id: "another network", changes: {network: "mainnet"}, code: "CLUSTER_UNKNOWN"},
    {
      id: "an index that is no number",
      changes: {voluntary_exit: {epoch: 0, validator_index: "1" as never}},
      code: "MESSAGE_MALFORMED",
    },
  ])("never signs for $id", async ({changes, code}) => {
    const stage = await createStage();
    await expect(deliver(stage, aRequest(stage, changes))).rejects.toMatchObject({code});
    expect(await messagesIn(stage.bus, "EXIT_SHARES")).toBe(0);
  });

  it("never signs for an index other than its subject's", async () => {
    const stage = await createStage();
    const subject = exitRequest.subject(aRequest(stage, {voluntary_exit: {epoch: 0, validator_index: 7}}));
    await expect(deliver(stage, aRequest(stage), subject)).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
  });
});
