import {join} from "node:path";
import blst from "@chainsafe/blst";
import {describe, expect, it} from "vitest";
import type {Deposit} from "../../schemas/deposit.js";
import type {DepositRefusal} from "../../schemas/depositRefusal.js";
import {type DepositShare, depositShare} from "../../schemas/depositShare.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import {handleShares} from "../../src/aggregator/deposits/handleShares.js";
import {addSignatures, negateSignature, parseSignature, verifySignature} from "../../src/bls/curve.js";
import {depositKeyOf, depositRootOf} from "../../src/exits/depositId.js";
import {publish} from "../../src/messaging/publish.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {anEntry, aRequest} from "../support/aRequest.js";
import {ask as askOnBus, connectRaw} from "../support/attacker.js";
import {deliverDeposit, deliverDeposits} from "../support/deliver.js";
import {entriesOn} from "../support/entriesOn.js";
import {badSignatures} from "../support/examples/badPoints.js";
import {readable} from "../support/found.js";
import {temporaryFolder} from "../support/servers.js";
import {
  aDeposit,
  aDepositShare,
  ask,
  aVault,
  createStage,
  type Dealt,
  depositAnswer,
  depositIdOf,
  lastMessage,
  type Stage,
} from "../support/stage.js";
import {startTestSidecar} from "../support/startTestSidecar.js";

const thief = `0x${"66".repeat(20)}`;
const deposit = aDeposit();

describe("a hostile relayer, together with an operator", () => {
  const onlyOurVault = {withdrawalAddressOf: () => aVault};

  /** What an operator ordered, each at an index of its own: the sidecar's policy is the last guard. */
  const demand = async (stage: Stage, ...deposits: Deposit[]): Promise<void> => {
    for (const [validatorIndex, wanted] of deposits.entries()) {
      const entries = [anEntry(stage, {validatorIndex, deposit: wanted})];
      await publish(stage.relayer.bus, exitRequest, await aRequest(stage, {entries}));
    }
  };
  const counts = async (stage: Stage) => ({
    signed: await entriesOn(stage.bus, "dvt.v2.deposit_shares.hoodi.c1.1"),
    refused: await entriesOn(stage.bus, "dvt.v2.deposit_refusals.hoodi.c1.1"),
  });
  const lastRefusal = (stage: Stage) => lastMessage(stage.bus, "EXIT_SHARES", "dvt.v2.deposit_refusals.hoodi.c1.1");

  it.each<{id: string; asked: Partial<Deposit>; code: string}>([
    {id: "to its own address", asked: {vault: thief}, code: "VAULT_NOT_ALLOWED"},
    {id: "of less than the whole stake, to be there first", asked: {amount: 1_000_000_000}, code: "DEPOSIT_TOO_SMALL"},
  ])("gets no deposit signed $id", async ({asked, code}) => {
    const stage = await createStage();
    await startTestSidecar(stage, join(await temporaryFolder(), "state.jsonl"), {depositRules: onlyOurVault});
    await demand(stage, aDeposit(asked));
    await expect.poll(() => counts(stage)).toEqual({signed: 0, refused: 1});
    expect(await lastRefusal(stage)).toMatchObject({refusals: [{code}]});
  });

  it("gets no second withdrawal credential of a key signed, of whatever vault or type, also after a restart", async () => {
    const stage = await createStage();
    const path = join(await temporaryFolder(), "state.jsonl");
    const depositRules = {allowedVaults: new Set([aVault, thief])};
    const stop = await startTestSidecar(stage, path, {depositRules});
    await demand(stage, deposit);
    await expect.poll(() => counts(stage)).toEqual({signed: 1, refused: 0});
    await stop();
    await startTestSidecar(stage, path, {depositRules});
    await demand(stage, aDeposit({vault: thief}), aDeposit({validator_type: "0x02"}));
    await expect.poll(() => counts(stage)).toEqual({signed: 1, refused: 2});
    const {refusals} = (await lastRefusal(stage)) as DepositRefusal;
    expect(refusals.map(({code}) => code)).toEqual(refusals.map(() => "CREDENTIALS_DIFFER"));
  });

  it("cannot plant shares or refusals of deposits", async () => {
    const stage = await createStage();
    const connection = await connectRaw(stage.nats.url, stage.seedFile("relayer"), "_INBOX_relayer");
    for (const word of ["deposit_shares", "deposit_refusals"]) {
      expect(await askOnBus(connection, `dvt.v2.${word}.hoodi.c1.1`, "{}")).toBe("refused");
    }
  });
});

describe("a hostile sidecar", () => {
  const asked = async (): Promise<Stage> => {
    const stage = await createStage();
    await ask(stage, {deposit});
    return stage;
  };
  const find = async (stage: Stage) => {
    const id = depositIdOf(stage);
    return readable((await stage.deposits.findAll([id])).get(depositKeyOf(id)));
  };
  const outcomesOf = async (stage: Stage, ...shares: DepositShare[]): Promise<string[]> =>
    Promise.all((await deliverDeposits(stage, ...shares)).map((it) => it.catch(({code}: {code: string}) => code)));
  const bySignature =
    (signature: Uint8Array) =>
    (share: DepositShare): DepositShare => ({
      ...share,
      deposits: share.deposits.map((it) => ({...it, signature: toHex(signature)})),
    });
  const signatureIn = ({deposits: [only]}: DepositShare): Uint8Array => fromHex(only?.signature ?? "");

  it.each<{id: string; spoil: (share: DepositShare, stage: Stage) => DepositShare; code: string}>([
    {id: "under another's share index", spoil: (share) => ({...share, share_index: 2}), code: "SHARE_SIGNATURE_INVALID"},
    {
      id: "of another deposit of the key",
      spoil: (share, stage) => bySignature(signatureIn(aDepositShare(stage, {deposit: aDeposit({vault: thief})})))(share),
      code: "SHARE_SIGNATURE_INVALID",
    },
    {id: "of an unknown share index", spoil: (share) => ({...share, share_index: 5}), code: "SHARE_INDEX_UNKNOWN"},
    {id: "of another cluster's validator", spoil: (share) => ({...share, cluster_id: "c2"}), code: "VALIDATOR_UNKNOWN"},
    {id: "of a key that nobody asked for", spoil: (_, stage) => aDepositShare(stage, {of: 1}), code: "EXIT_UNKNOWN"},
    ...badSignatures
      .filter(({bytes}) => bytes.length === 96)
      .map(({id, bytes}) => ({id: `that is ${id}`, spoil: bySignature(bytes), code: "SHARE_SIGNATURE_INVALID"})),
  ])("gets a share refused with $code, and keeps no good ones from making the signature: $id", async ({spoil, code}) => {
    const stage = await asked();
    await expect((async () => deliverDeposit(stage, spoil(aDepositShare(stage), stage)))()).rejects.toMatchObject({code});
    expect(await find(stage)).toBeUndefined();
    const good = [1, 2, 4].map((shareIndex) => aDepositShare(stage, {shareIndex}));
    expect(await outcomesOf(stage, ...good)).toEqual(["completed", "completed", "completed"]);
  });

  it.each(badSignatures.filter(({id}) => id.includes("subgroup") || id.includes("order 13")))(
    "gets nothing kept that was added to a good signature: $id",
    async ({bytes}) => {
      const stage = await asked();
      const good = blst.Signature.fromBytes(signatureIn(aDepositShare(stage)));
      const mixed = blst.aggregateSignatures([good, blst.Signature.fromBytes(bytes, false)], false).toBytes();
      // Whatever the verification draws.
      for (let attempt = 0; attempt < 20; attempt++) {
        const others = [2, 3].map((shareIndex) => aDepositShare(stage, {shareIndex}));
        const alone = attempt % 2 === 0 ? [] : others;
        const [outcome] = await outcomesOf(stage, bySignature(mixed)(aDepositShare(stage)), ...alone);
        expect(outcome).toBe("SHARE_SIGNATURE_INVALID");
      }
      expect([...((await find(stage))?.shares.keys() ?? [])]).toEqual([2, 3]);
    },
  );

  it("gets shares of two of its kind refused that cancel out in their sum, and makes the right signature with those that recover it", async () => {
    const stage = await asked();
    const share = (shareIndex: number): DepositShare => aDepositShare(stage, {shareIndex});
    const noise = parseSignature(signatureIn(aDepositShare(stage, {of: 1, deposit: aDeposit({amount: 1})})));
    const add = (it: DepositShare, more: typeof noise): DepositShare =>
      bySignature(addSignatures(parseSignature(signatureIn(it)), more).toBytes())(it);
    const opposite = [add(share(1), noise), add(share(2), negateSignature(noise))];
    const bad = "SHARE_SIGNATURE_INVALID";
    expect(await outcomesOf(stage, ...opposite)).toEqual([bad, bad]);
    expect(await outcomesOf(stage, ...opposite, share(3))).toEqual([bad, bad, "collecting"]);
    expect([...((await find(stage))?.shares.keys() ?? [])]).toEqual([3]);
    // 3·s1 - 3·s2 + s3 is the signature: what is added to the first two is taken away again.
    expect(await outcomesOf(stage, add(share(1), noise), add(share(2), noise))).toEqual(["completed", "completed"]);
    const {signature} = (await find(stage)) as {signature: string};
    const {publicKey} = (stage.dealt[0] as Dealt).validator;
    expect(verifySignature(publicKey, depositRootOf(depositIdOf(stage)), parseSignature(fromHex(signature)))).toBe(true);
  });

  it("and as many as the threshold get nothing stored or said of a deposit that was not asked for", async () => {
    const stage = await asked();
    const stolen = aDeposit({vault: thief});
    const shares = [1, 2, 3].map((shareIndex) => aDepositShare(stage, {shareIndex, deposit: stolen}));
    expect(await outcomesOf(stage, ...shares)).toEqual(["superseded", "superseded", "superseded"]);
    expect([await stage.db.collection("deposits").countDocuments(), await depositAnswer(stage, stolen)]).toEqual([0, undefined]);
  });

  it("cannot say another's share, nor a completion, nor its own share on another's subject", async () => {
    const stage = await asked();
    const connection = await connectRaw(stage.nats.url, stage.seedFile("sidecar-c1-4"), "_INBOX_sidecar-c1-4");
    const {vault, amount, validator_type} = deposit;
    for (const subject of [
      "deposit_shares.hoodi.c1.1",
      "deposit_refusals.hoodi.c1.1",
      "deposit_shares.hoodi.c2.4",
      `deposit_completions.hoodi.op-1.${(stage.dealt[0] as Dealt).publicKeyHex}.${vault}.${amount}.${validator_type}`,
    ]) {
      expect(await askOnBus(connection, `dvt.v2.${subject}`, "{}"), subject).toBe("refused");
    }
    const data = new TextEncoder().encode(JSON.stringify(aDepositShare(stage)));
    const subject = depositShare.subject(aDepositShare(stage, {shareIndex: 2}));
    const handling = handleShares(stage.aggregator, {subject, data, timestampMs: 0}, async () => "taken");
    await expect(handling).rejects.toMatchObject({code: "SUBJECT_MISMATCH"});
  });
});
