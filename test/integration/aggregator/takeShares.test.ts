import {describe, expect, it} from "vitest";
import {sweepShares, sweepUnpublished} from "../../../src/aggregator/exits/sweep.js";
import {parsePublicKey} from "../../../src/bls/curve.js";
import {networks} from "../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {decrypt} from "../../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import {areShardsOf} from "../../../src/exits/checkShards.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import {verifyShare} from "../../../src/exits/recoverExit.js";
import {fromHex} from "../../../src/runtime/hex.js";
import {deliver} from "../../support/deliver.js";
import {pagesOf} from "../../support/found.js";
import {aShare, ask, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";

const subjectOf = (stage: Stage, operatorId = "op-1", validatorIndex = 1000): string =>
  `dvt.v2.completions.hoodi.${operatorId}.${(stage.dealt[0] as Dealt).publicKeyHex}.${validatorIndex}`;

const exitOf = (stage: Stage) => ({
  network: networks.hoodi,
  publicKey: (stage.dealt[0] as Dealt).publicKeyHex,
  validatorIndex: 1000,
});

const sharesOf = ({public_keys, encrypted_exit_signatures}: ExitResult): object => ({public_keys, encrypted_exit_signatures});

describe("good shares", () => {
  it.each([
    [1, 2, 3],
    [2, 3, 4],
    [4, 1, 3],
  ])("complete the exit: %i, %i and %i", async (...shareIndexes) => {
    const stage = await createStage();
    await ask(stage);
    for (const shareIndex of shareIndexes) await deliver(stage, aShare(stage, {shareIndex}));
    const completion = (await lastMessage(stage.bus, "COMPLETIONS", subjectOf(stage))) as never as {
      oracles_exit_signature_shares: {public_keys: string[]; encrypted_exit_signatures: string[]};
    };
    const {public_keys, encrypted_exit_signatures} = completion.oracles_exit_signature_shares;
    const {publicKey} = (stage.dealt[0] as Dealt).validator;
    expect(areShardsOf(publicKey, public_keys.map(fromHex), 3)).toBe(true);
    const root = voluntaryExitSigningRoot(networks.hoodi, 1000);
    for (const [oracle, key] of stage.oracleKeys.entries()) {
      const signature = decrypt(key, fromHex(encrypted_exit_signatures[oracle] as string));
      expect(verifyShare(parsePublicKey(fromHex(public_keys[oracle] as string)), root, signature)).toBeDefined();
    }
  });

  it("leave the first valid one of a share index in place, and are gone once the exit is complete", async () => {
    const stage = await createStage();
    await ask(stage);
    await deliver(stage, aShare(stage, {shareIndex: 1}));
    const before = await stage.exits.find(exitOf(stage), stage.oracleSet.configHash);
    // Every encryption differs: the same signature again is another ciphertext.
    expect(await deliver(stage, aShare(stage, {shareIndex: 1}))).toBe("held already");
    expect(await stage.exits.find(exitOf(stage), stage.oracleSet.configHash)).toEqual(before);
    await deliver(stage, aShare(stage, {shareIndex: 2}));
    await deliver(stage, aShare(stage, {shareIndex: 3}));
    const after = await stage.exits.find(exitOf(stage), stage.oracleSet.configHash);
    expect(after?.shares.size).toBe(0);
    expect(await deliver(stage, aShare(stage, {shareIndex: 4}))).toBe("late");
    expect(await stage.exits.find(exitOf(stage), stage.oracleSet.configHash)).toEqual(after);
  });

  it("complete every exit when they come all at once, to two aggregators", async () => {
    const stage = await createStage();
    const other = {...stage, aggregator: {...stage.aggregator}};
    // Many rounds, since milliseconds decide which handler sees what.
    const indexes = Array.from({length: 12}, (_, i) => 1000 + i);
    for (const [round, validatorIndex] of indexes.entries()) {
      await ask(stage, {validatorIndex, requestedAt: round + 1});
      const shares = [1, 2, 3, 4].map((shareIndex) => aShare(stage, {shareIndex, validatorIndex}));
      await Promise.all(shares.flatMap((share) => [deliver(stage, share), deliver(other, share)]));
      const collected = await stage.exits.find({...exitOf(stage), validatorIndex}, stage.oracleSet.configHash);
      expect(collected).toMatchObject({result: expect.anything(), published: true});
      const subject = subjectOf(stage, "op-1", validatorIndex);
      expect(await lastMessage(stage.bus, "COMPLETIONS", subject)).toMatchObject({
        oracles_exit_signature_shares: sharesOf(collected?.result as ExitResult),
      });
    }
  });

  it("complete it for every operator who asked", async () => {
    const stage = await createStage();
    await ask(stage);
    await ask(stage, {operatorId: "op-2"});
    for (const shareIndex of [1, 2, 3]) await deliver(stage, aShare(stage, {shareIndex}));
    const answers = await Promise.all(["op-1", "op-2"].map((id) => lastMessage(stage.bus, "COMPLETIONS", subjectOf(stage, id))));
    expect(answers).toMatchObject([{status: "completed"}, {status: "completed"}]);
  });

  it("change nothing when their index is no longer current", async () => {
    const stage = await createStage();
    await ask(stage, {requestedAt: 1});
    await deliver(stage, aShare(stage, {shareIndex: 1}));
    await ask(stage, {requestedAt: 2, validatorIndex: 2000});
    expect(await deliver(stage, aShare(stage, {shareIndex: 2}))).toBe("superseded");
    await sweepShares(stage.aggregator, new AbortController().signal);
    expect((await stage.exits.find(exitOf(stage), stage.oracleSet.configHash))?.shares.size).toBe(0);
  });

  it("recover the exit although somebody changed one of them in the database", async () => {
    const stage = await createStage();
    await ask(stage);
    for (const shareIndex of [1, 2]) await deliver(stage, aShare(stage, {shareIndex}));
    const forged = fromHex(aShare(stage, {shareIndex: 2, validatorIndex: 7}).encrypted_signatures);
    await stage.db.collection("exits").updateOne({}, {$set: {"shares.2": Buffer.from(forged)}});
    expect(await deliver(stage, aShare(stage, {shareIndex: 3}))).toBe("collecting");
    expect(await deliver(stage, aShare(stage, {shareIndex: 4}))).toBe("completed");
  });
});

describe("after the aggregator's key was replaced", () => {
  const rotate = async () => {
    const stage = await createStage();
    await ask(stage);
    const privateKey = generatePrivateKey();
    const aggregatorKey = publicKeyOf(privateKey);
    const privateKeys = [privateKey, ...stage.aggregator.privateKeys];
    return {...stage, aggregatorKey, aggregator: {...stage.aggregator, privateKeys, publicKey: aggregatorKey}, old: stage};
  };

  it("shares under the old key, stored or arriving, complete an exit with those under the new key", async () => {
    const {old, ...rotated} = await rotate();
    expect(await deliver(old, aShare(old, {shareIndex: 1}))).toBe("collecting");
    expect(await deliver(rotated, aShare(old, {shareIndex: 2}))).toBe("collecting");
    expect(await deliver(rotated, aShare(rotated, {shareIndex: 3}))).toBe("completed");
  });

  it("shares under a retired key are refused, and a stored one gives its place to a new one", async () => {
    const {old, ...rotated} = await rotate();
    const [privateKey] = rotated.aggregator.privateKeys as [Uint8Array];
    const retired = {...rotated, aggregator: {...rotated.aggregator, privateKeys: [privateKey]}};
    await deliver(old, aShare(old, {shareIndex: 1}));
    await expect(deliver(retired, aShare(old, {shareIndex: 2}))).rejects.toMatchObject({code: "SHARE_UNDECRYPTABLE"});
    await deliver(retired, aShare(retired, {shareIndex: 2}));
    expect(await deliver(retired, aShare(retired, {shareIndex: 3}))).toBe("collecting");
    expect(await deliver(retired, aShare(retired, {shareIndex: 1}))).toBe("completed");
  });
});

describe("a result that was written and not published", () => {
  it("is published by the sweep, as it was written", async () => {
    const stage = await createStage();
    await ask(stage);
    await deliver(stage, aShare(stage, {shareIndex: 1}));
    const result = {
      public_keys: ["0x".padEnd(98, "a")],
      encrypted_exit_signatures: ["0x".padEnd(400, "b")],
      aggregator_signature: `${"A".repeat(86)}==`,
    };
    await stage.exits.write([{exit: exitOf(stage), clusterId: "c1", result}], stage.oracleSet.configHash, Date.now());
    const {signal} = new AbortController();
    // The aggregator that wrote it has a moment to publish it.
    await sweepUnpublished(stage.aggregator, Date.now(), signal);
    expect(await lastMessage(stage.bus, "COMPLETIONS", subjectOf(stage))).toBeUndefined();
    await sweepUnpublished(stage.aggregator, Date.now() + 60_000, signal);
    expect(await lastMessage(stage.bus, "COMPLETIONS", subjectOf(stage))).toMatchObject({
      oracles_exit_signature_shares: sharesOf(result),
    });
    expect(await pagesOf(stage.exits.findUnpublished(Date.now() + 60_000, 10))).toEqual([]);
  });
});
