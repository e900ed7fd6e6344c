import blst from "@chainsafe/blst";
import {describe, expect, it} from "vitest";
import {type ExitShare, exitShare} from "../../schemas/exitShare.js";
import {openWithAny} from "../../src/aggregator/exits/openWithAny.js";
import {addSignatures, negateSignature, parseSignature, type SecretKey, type Signature} from "../../src/bls/curve.js";
import {networks} from "../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../src/consensus/voluntaryExit.js";
import {encrypt} from "../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {deliver, deliverAll, toDelivery} from "../support/deliver.js";
import {badSignatures} from "../support/examples/badPoints.js";
import {aShare, ask, createStage, type Dealt, type Stage, sharesOf} from "../support/stage.js";

const exitOf = (stage: Stage) => ({
  network: networks.hoodi,
  publicKey: (stage.dealt[0] as Dealt).publicKeyHex,
  validatorIndex: 1000,
});

describe("a share that is no good", () => {
  const infinity = Uint8Array.of(0xc0, ...new Uint8Array(95));
  const seal = (stage: Stage, bytes: Uint8Array): string => toHex(encrypt(stage.aggregatorKey, bytes));

  it.each<{id: string; spoil: (share: ExitShare, stage: Stage) => ExitShare; code: string}>([
    {id: "of share index 0", spoil: (share) => ({...share, share_index: 0}), code: "MESSAGE_MALFORMED"},
    {id: "of share index n+1", spoil: (share) => ({...share, share_index: 5}), code: "SHARE_INDEX_UNKNOWN"},
    {id: "under another's share index", spoil: (share) => ({...share, share_index: 2}), code: "SHARE_SIGNATURE_INVALID"},
    {id: "of an unknown cluster", spoil: (share) => ({...share, cluster_id: "c9"}), code: "CLUSTER_UNKNOWN"},
    {id: "of another cluster's validator", spoil: (share) => ({...share, cluster_id: "c2"}), code: "VALIDATOR_UNKNOWN"},
    {id: "of an exit that nobody asked for", spoil: (_, stage) => aShare(stage, {of: 1}), code: "EXIT_UNKNOWN"},
    {
      id: "95 bytes long",
      spoil: (share, stage) => ({...share, encrypted_signatures: seal(stage, new Uint8Array(95))}),
      code: "MESSAGE_MALFORMED",
    },
    {
      id: "97 bytes long",
      spoil: (share, stage) => ({...share, encrypted_signatures: seal(stage, new Uint8Array(97))}),
      code: "SHARE_UNDECRYPTABLE",
    },
    {
      id: "of one exit in a message of two",
      spoil: (share) => ({...share, exits: [...share.exits, ...share.exits]}),
      code: "SHARE_UNDECRYPTABLE",
    },
    {
      id: "not a point",
      spoil: (share, stage) => ({...share, encrypted_signatures: seal(stage, new Uint8Array(96).fill(7))}),
      code: "SHARE_SIGNATURE_INVALID",
    },
    {
      id: "the point at infinity",
      spoil: (share, stage) => ({...share, encrypted_signatures: seal(stage, infinity)}),
      code: "SHARE_SIGNATURE_INVALID",
    },
    {
      id: "of another exit of the same key",
      spoil: (share, stage) => ({...share, encrypted_signatures: aShare(stage, {validatorIndex: 1001}).encrypted_signatures}),
      code: "SHARE_SIGNATURE_INVALID",
    },
    {
      id: "encrypted to somebody else",
      spoil: (share) => ({...share, encrypted_signatures: toHex(encrypt(publicKeyOf(generatePrivateKey()), new Uint8Array(96)))}),
      code: "SHARE_UNDECRYPTABLE",
    },
    {
      id: "with a ciphertext cut short",
      spoil: (share) => ({...share, encrypted_signatures: share.encrypted_signatures.slice(0, -20)}),
      code: "MESSAGE_MALFORMED",
    },
    {
      id: "with a ciphertext whose last bytes are others",
      spoil: (share) => ({...share, encrypted_signatures: `${share.encrypted_signatures.slice(0, -20)}${"00".repeat(10)}`}),
      code: "SHARE_UNDECRYPTABLE",
    },
    {
      id: "with an ephemeral key off the curve",
      spoil: (share) => ({...share, encrypted_signatures: `0x04${"11".repeat(64)}${share.encrypted_signatures.slice(2 + 130)}`}),
      code: "SHARE_UNDECRYPTABLE",
    },
  ])("is refused with $code: $id", async ({spoil, code}) => {
    const stage = await createStage();
    await ask(stage);
    await expect(deliver(stage, spoil(aShare(stage), stage))).rejects.toMatchObject({code});
    expect(await stage.exits.find(exitOf(stage), stage.oracleSet.configHash)).toBeUndefined();
    // It blocks nothing: three good ones complete the exit, its own place among them.
    const outcomes = [];
    for (const shareIndex of [1, 2, 4]) outcomes.push(await deliver(stage, aShare(stage, {shareIndex})));
    expect(outcomes).toEqual(["collecting", "collecting", "completed"]);
  });

  const ofAnyLength = badSignatures.map((bad) => ({
    ...bad,
    code:
      bad.bytes.length === 96 ? "SHARE_SIGNATURE_INVALID" : bad.bytes.length < 96 ? "MESSAGE_MALFORMED" : "SHARE_UNDECRYPTABLE",
  }));
  it.each(ofAnyLength.filter(({bytes}) => bytes.length > 0))("is refused with $code: $id", async ({bytes, code}) => {
    const stage = await createStage();
    await ask(stage);
    const share = {...aShare(stage), encrypted_signatures: seal(stage, bytes)};
    await expect(deliver(stage, share)).rejects.toMatchObject({code});
  });

  it.each(badSignatures.filter(({id}) => id.includes("subgroup") || id.includes("order 13")))(
    "is refused when something was added to a good signature: $id",
    async ({bytes}) => {
      const stage = await createStage();
      await ask(stage);
      const {dealt} = stage.dealt[0] as Dealt;
      const root = voluntaryExitSigningRoot(networks.hoodi, 1000);
      const good = blst.Signature.fromBytes((dealt.secretShares[0] as SecretKey).sign(root).toBytes());
      const mixed = blst.aggregateSignatures([good, blst.Signature.fromBytes(bytes, false)], false).toBytes();
      const share = {...aShare(stage), encrypted_signatures: seal(stage, mixed)};
      // Whatever the verification draws: a point of small order would get past one that forgets the subgroup now and then.
      for (let attempt = 0; attempt < 20; attempt++) {
        await expect(deliver(stage, share)).rejects.toMatchObject({code: "SHARE_SIGNATURE_INVALID"});
      }
      // Nor among good ones, where it is a part of what is recovered.
      const together = [share, ...[2, 3, 4].map((shareIndex) => aShare(stage, {shareIndex}))].map((it) => toDelivery(it));
      const [bad, ...others] = await deliverAll(stage, together);
      await expect(bad).rejects.toMatchObject({code: "SHARE_SIGNATURE_INVALID"});
      expect(await Promise.all(others)).toEqual(["completed", "completed", "completed"]);
    },
  );

  it("is refused with SUBJECT_MISMATCH: on the subject of another node", async () => {
    const stage = await createStage();
    await ask(stage);
    const other = exitShare.subject(aShare(stage, {shareIndex: 2}));
    await expect(deliver(stage, aShare(stage), other)).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
  });
});

describe("a message of many shares", () => {
  const count = 64;
  const all = Array.from({length: count}, (_, of) => of);
  /** The outcome, or the code, of each entry. */
  const outcomesOf = async (stage: Stage, ...shares: ExitShare[]): Promise<string[]> =>
    Promise.all(
      (
        await deliverAll(
          stage,
          shares.map((it) => toDelivery(it)),
        )
      ).map((it) => it.catch(({code}) => code)),
    );
  const openedOf = (stage: Stage, share: ExitShare): Uint8Array =>
    openWithAny(stage.aggregator.privateKeys, fromHex(share.encrypted_signatures));
  /** The message with other signatures in it. */
  const resealed = (stage: Stage, share: ExitShare, change: (signatures: Uint8Array[]) => Uint8Array[]): ExitShare => {
    const opened = openedOf(stage, share);
    const signatures = share.exits.map((_, of) => opened.slice(96 * of, 96 * (of + 1)));
    const sealed = encrypt(stage.aggregatorKey, Buffer.concat(change(signatures)));
    return {...share, encrypted_signatures: toHex(sealed)};
  };
  /** How many shares each exit holds, by its position. */
  const heldOf = async ({exits, dealt, oracleSet}: Stage, positions: readonly number[]): Promise<number[]> =>
    Promise.all(
      positions.map(async (of) => {
        const exit = {network: networks.hoodi, publicKey: (dealt[of] as Dealt).publicKeyHex, validatorIndex: 1000 + of};
        return (await exits.find(exit, oracleSet.configHash))?.shares.size ?? 0;
      }),
    );

  it("has each bad one named and its good ones kept, whatever is wrong with the others", async () => {
    const stage = await createStage({validators: count});
    await ask(stage, {count: count - 1});
    const share = resealed(stage, sharesOf(stage, all), (signatures) =>
      signatures
        // The shares of two exits change places, another is no point, another is of share index 2.
        .with(3, signatures[4] as Uint8Array)
        .with(4, signatures[3] as Uint8Array)
        .with(10, new Uint8Array(96).fill(7))
        .with(20, openedOf(stage, sharesOf(stage, [20], {shareIndex: 2}))),
    );
    const [{publicKeyHex}] = stage.closedDealt as [Dealt];
    const exits = share.exits.with(30, {public_key: publicKeyHex, validator_index: 1030});
    const expected = all.map((of) => {
      if ([3, 4, 10, 20].includes(of)) return "SHARE_SIGNATURE_INVALID";
      if (of === 30) return "VALIDATOR_UNKNOWN";
      // The last exit is one that nobody asked for.
      return of === count - 1 ? "EXIT_UNKNOWN" : "collecting";
    });
    expect(await outcomesOf(stage, {...share, exits})).toEqual(expected);
    expect(await heldOf(stage, all)).toEqual(expected.map((it) => (it === "collecting" ? 1 : 0)));
    // The bad ones block nothing: three other sidecars complete every exit that was asked for.
    const others = [2, 3, 4].map((shareIndex) => sharesOf(stage, all.slice(0, -1), {shareIndex}));
    expect(new Set(await outcomesOf(stage, ...others))).toEqual(new Set(["completed"]));
  });

  it("under another's index is refused entry by entry, and takes no place of that other", async () => {
    const stage = await createStage({validators: 4});
    await ask(stage, {count: 4});
    const positions = [0, 1, 2, 3];
    const share = sharesOf(stage, positions);
    expect(await outcomesOf(stage, {...share, share_index: 2})).toEqual(positions.map(() => "SHARE_SIGNATURE_INVALID"));
    expect(await outcomesOf(stage, sharesOf(stage, positions, {shareIndex: 2}))).toEqual(positions.map(() => "collecting"));
  });

  it("of another cluster's validators has none of them kept", async () => {
    const stage = await createStage();
    await ask(stage, {count: 2});
    const share = sharesOf(stage, [0, 1]);
    expect(await outcomesOf(stage, {...share, cluster_id: "c2"})).toEqual(["VALIDATOR_UNKNOWN", "VALIDATOR_UNKNOWN"]);
    expect(await heldOf(stage, [0, 1])).toEqual([0, 0]);
  });

  it.each<{id: string; change: (signatures: Uint8Array[]) => Uint8Array[]}>([
    {id: "one signature too few", change: (signatures) => signatures.slice(1)},
    {id: "one signature too many", change: (signatures) => [...signatures, signatures[0] as Uint8Array]},
    {id: "a byte too many", change: (signatures) => [...signatures, Uint8Array.of(0)]},
  ])("is refused as a whole with $id: no share can be of another exit than its sidecar meant", async ({change}) => {
    const stage = await createStage();
    await ask(stage, {count: 2});
    const share = resealed(stage, sharesOf(stage, [0, 1]), change);
    await expect(deliverAll(stage, [toDelivery(share)])).rejects.toMatchObject({code: "SHARE_UNDECRYPTABLE"});
    expect(await heldOf(stage, [0, 1])).toEqual([0, 0]);
  });

  const noiseOf = (stage: Stage) => parseSignature(openedOf(stage, aShare(stage, {of: 1, validatorIndex: 7})));
  const plus = (signature: Uint8Array, noise: Signature): Uint8Array => addSignatures(parseSignature(signature), noise).toBytes();

  it("has two entries refused that are for one exit and cancel out, and each of them named", async () => {
    const stage = await createStage();
    await ask(stage);
    const noise = noiseOf(stage);
    const share = resealed(stage, sharesOf(stage, [0, 0]), ([first, second]) => [
      plus(first as Uint8Array, noise),
      plus(second as Uint8Array, negateSignature(noise)),
    ]);
    expect(await outcomesOf(stage, share)).toEqual(["SHARE_SIGNATURE_INVALID", "SHARE_SIGNATURE_INVALID"]);
    expect(await heldOf(stage, [0])).toEqual([0]);
  });

  it("has two entries refused whose exits differ and that cancel out, and the others kept", async () => {
    const stage = await createStage({validators: 3});
    await ask(stage, {count: 3});
    const noise = noiseOf(stage);
    const share = resealed(stage, sharesOf(stage, [0, 1, 2]), ([first, second, third]) => [
      plus(first as Uint8Array, noise),
      plus(second as Uint8Array, negateSignature(noise)),
      third as Uint8Array,
    ]);
    expect(await outcomesOf(stage, share)).toEqual(["SHARE_SIGNATURE_INVALID", "SHARE_SIGNATURE_INVALID", "collecting"]);
  });

  it("counts one exit once, however often it is in it", async () => {
    const stage = await createStage();
    await ask(stage);
    const outcomes = await outcomesOf(stage, sharesOf(stage, [0, 0, 0]));
    expect(outcomes).not.toContain("completed");
    expect(await heldOf(stage, [0])).toEqual([1]);
  });
});
