import {describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import {type ExitId, exitKeyOf} from "../../../src/exits/exitId.js";
import {type OracleSet, toOracleSet} from "../../../src/oracles/oracleSet.js";
import {createStage, type Dealt, type Stage} from "../../support/stage.js";
import {pollAsSidecarV2, send, startCentre, startTestGateway} from "../../support/testGateway.js";
import {createChain, ether, expectSigned, register, startSidecars} from "../../support/testVault.js";

const ahead = 8;
const signing = [1, 2, 4];

type World = {readonly stage: Stage; readonly onChain: ReturnType<typeof createChain>};

async function aWorld({validators = 1} = {}): Promise<World> {
  const stage = await createStage({validators});
  await startCentre(stage);
  return {stage, onChain: createChain()};
}

/** The same, and what changes the oracle set for all roles. */
async function aWorldOfOracles(): Promise<World & {change: (threshold: number) => OracleSet}> {
  const stage = await createStage({validators: 1});
  let current = stage.oracleSet;
  const oracles = {current: () => current};
  const live = {...stage, relayer: {...stage.relayer, oracles}, aggregator: {...stage.aggregator, oracles}};
  await startCentre(live);
  const change = (threshold: number): OracleSet => {
    current = toOracleSet(stage.oracleSet.publicKeys, threshold);
    return current;
  };
  return {stage: live, onChain: createChain(), change};
}

const amountsOf = (count: number) => Array.from({length: count}, () => ether(32));
const wantedFrom = ({stage}: World, validators_start_index: number) => ({
  validators_start_index,
  amounts: amountsOf(stage.dealt.length),
});

const exitOf = ({dealt}: Stage, of: number, validatorIndex: number): ExitId => ({
  network: networks.hoodi,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex,
});

/** Every exit that there is, of any validator at any of these indexes, as "position@index". */
async function completeExits({stage}: World, from = 1000, to = 1040, configHash = stage.oracleSet.configHash): Promise<string[]> {
  const all = stage.dealt.flatMap((_, of) => Array.from({length: to - from}, (__, at) => ({of, index: from + at})));
  const complete = await stage.exits.findComplete(
    all.map(({of, index}) => exitOf(stage, of, index)),
    configHash,
  );
  return all.filter(({of, index}) => complete.has(exitKeyOf(exitOf(stage, of, index)))).map(({of, index}) => `${of}@${index}`);
}

/** The current exit of each key, as whoever looks at what is asked for sees it. */
const currentOf = ({stage}: World): Promise<{index: number | undefined; state: string | undefined; taken: string[]}[]> =>
  Promise.all(
    stage.dealt.map(async ({publicKeyHex: publicKey}) => {
      const head = await stage.requests.find({network: networks.hoodi, publicKey});
      return {index: head?.validatorIndex, state: head?.state, taken: [...(head?.taken.keys() ?? [])]};
    }),
  );

const isSigned = ({body}: {body: Record<string, unknown>}): boolean => body["validators_manager_signature"] !== null;

/** Polls until all is complete from this index on. */
const registerAt = async (world: World, url: string, startIndex: number): Promise<void> => {
  await expect.poll(async () => isSigned(await register(url, wantedFrom(world, startIndex)))).toBe(true);
};

/** Until so many exits are there, and each key's current one is that of the vault again. */
async function untilAhead(world: World, exits: number, startIndex = 1000): Promise<void> {
  await expect.poll(async () => (await completeExits(world)).length).toBe(exits);
  const own = world.stage.dealt.map((_, position) => startIndex + position);
  await expect.poll(async () => (await currentOf(world)).map(({index}) => index).sort()).toEqual(own);
}

const placedAt = (startIndex: number, ...validators: number[]) =>
  validators.map((of, position) => ({of, amount: ether(32), index: startIndex + position}));

describe("exits ahead", () => {
  it.each([
    {validators: 1, move: 1, placed: [0]},
    {validators: 3, move: 1, placed: [1, 2, 0]},
    {validators: 3, move: 3, placed: [0, 1, 2]},
    {validators: 3, move: 8, placed: [2, 0, 1]},
    {validators: 1, move: 8, placed: [0]},
    {validators: 10, move: 4, placed: [4, 5, 6, 7, 8, 9, 0, 1, 2, 3]},
  ])(
    "answer the first poll after a move by $move, for $validators, with no sidecar there",
    async ({validators, move, placed}) => {
      const world = await aWorld({validators});
      const {stage, onChain} = world;
      const stopSidecars = await startSidecars(stage, signing);
      const {url} = await startTestGateway(stage, onChain);
      await registerAt(world, url, 1000);
      await untilAhead(world, validators + ahead);
      await stopSidecars();
      onChain.chain.nextIndex = 1000 + move;
      const answer = await register(url, wantedFrom(world, 1000 + move));
      await expectSigned(stage, onChain, answer, placedAt(1000 + move, ...placed));
    },
  );

  it("are found where the turns have come to after several moves, also of many validators", async () => {
    const world = await aWorld({validators: 10});
    const {stage, onChain} = world;
    const stopSidecars = await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    for (const startIndex of [1000, 1001, 1003, 1006, 1009]) {
      onChain.chain.nextIndex = startIndex;
      await registerAt(world, url, startIndex);
      await untilAhead(world, startIndex - 1000 + 10 + ahead, startIndex);
    }
    await stopSidecars();
    onChain.chain.nextIndex = 1015;
    const answer = await register(url, wantedFrom(world, 1015));
    await expectSigned(stage, onChain, answer, placedAt(1015, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4));
  });

  it("are signed anew after a move beyond them, but for those that are there", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    const stopSidecars = await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    await registerAt(world, url, 1000);
    await untilAhead(world, 2 + ahead);
    await stopSidecars();
    onChain.chain.nextIndex = 1009;
    const half = await register(url, wantedFrom(world, 1009));
    expect(half.body).toEqual({
      validators: [
        expect.objectContaining({public_key: stage.dealt[1]?.publicKeyHex, oracles_exit_signature_shares: expect.any(Object)}),
        expect.objectContaining({public_key: stage.dealt[0]?.publicKeyHex, oracles_exit_signature_shares: null}),
      ],
      validators_manager_signature: null,
    });
    await startSidecars(stage, signing);
    await registerAt(world, url, 1009);
    await expectSigned(stage, onChain, await register(url, wantedFrom(world, 1009)), placedAt(1009, 1, 0));
  });

  it("keep up with moves that follow each other", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    for (const startIndex of [1000, 1001, 1002, 1005, 1006, 1020]) {
      onChain.chain.nextIndex = startIndex;
      await registerAt(world, url, startIndex);
    }
    await expectSigned(stage, onChain, await register(url, wantedFrom(world, 1020)), placedAt(1020, 0, 1));
  });

  it("are there after a restart of the gateway, which forgets nothing", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    const stopSidecars = await startSidecars(stage, signing);
    const first = await startTestGateway(stage, onChain);
    await registerAt(world, first.url, 1000);
    await first.stop();
    // It was stopped in the middle: the exits that are wanted now become current again.
    await expect.poll(async () => (await currentOf(world)).map(({index}) => index)).toEqual([1000, 1001]);
    const second = await startTestGateway(stage, onChain);
    await registerAt(world, second.url, 1000);
    await untilAhead(world, 2 + ahead);
    await second.stop();
    await stopSidecars();
    const third = await startTestGateway(stage, onChain);
    onChain.chain.nextIndex = 1001;
    const answer = await register(third.url, wantedFrom(world, 1001));
    await expectSigned(stage, onChain, answer, placedAt(1001, 1, 0));
  });

  it("are shared by two gateways that are asked at once", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const gateways = await Promise.all([startTestGateway(stage, onChain), startTestGateway(stage, onChain)]);
    for (const startIndex of [1000, 1001, 1003, 1012]) {
      onChain.chain.nextIndex = startIndex;
      await Promise.all(gateways.map(({url}) => registerAt(world, url, startIndex)));
      const answers = await Promise.all(gateways.map(({url}) => register(url, wantedFrom(world, startIndex))));
      expect(answers[0]?.body["validators"]).toEqual(answers[1]?.body["validators"]);
      expect(answers.every(isSigned)).toBe(true);
    }
    await expect.poll(async () => (await completeExits(world, 1014, 1022)).length).toBeGreaterThanOrEqual(ahead);
  });

  it("of an earlier oracle set are never served for the current one", async () => {
    const world = await aWorldOfOracles();
    const {stage, onChain, change} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    await registerAt(world, url, 1000);
    await untilAhead(world, 1 + ahead);
    const later = change(2);
    onChain.chain.nextIndex = 1001;
    await registerAt(world, url, 1001);
    const answer = await register(url, wantedFrom(world, 1001));
    await expectSigned({...stage, oracleSet: later}, onChain, answer, placedAt(1001, 0));
    await expect.poll(() => completeExits(world, 1001, 1010, later.configHash)).toHaveLength(1 + ahead);
  });

  it("are given up when the oracle set changes, since the vault's own have to be made again first", async () => {
    const world = await aWorldOfOracles();
    const {stage, onChain, change} = world;
    const {url} = await startTestGateway(stage, onChain);
    const poll = () => Promise.all(signing.map((shareIndex) => pollAsSidecarV2(url, stage, shareIndex)));
    const first = register(url, wantedFrom(world, 1000));
    await poll();
    expect(isSigned(await first)).toBe(true);
    await expect.poll(() => currentOf(world)).toMatchObject([{index: 1001, state: "open"}]);
    const later = change(2);
    await poll();
    await expect.poll(async () => (await completeExits(world, 1001, 1002, later.configHash)).length).toBe(1);
    expect(isSigned(await register(url, wantedFrom(world, 1000)))).toBe(false);
    const head = await stage.requests.find({network: networks.hoodi, publicKey: exitOf(stage, 0, 1000).publicKey});
    expect([head?.validatorIndex, ...(head?.previous ?? []).map(({validatorIndex}) => validatorIndex)]).not.toContain(1002);
    expect(await currentOf(world)).toMatchObject([{index: 1000, state: "open"}]);
  });

  it("show nobody another exit than the vault's for longer than they take", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    await registerAt(world, url, 1000);
    await untilAhead(world, 1 + ahead);
    await expect.poll(() => currentOf(world)).toEqual([{index: 1000, state: "answered", taken: ["op-1"]}]);
    const {body} = await send(`${url}/exits`);
    expect(body["exits"]).toMatchObject([{validator_index: 1000, is_exit_signature_ready: true}]);
    onChain.chain.nextIndex = 1002;
    await registerAt(world, url, 1002);
    await untilAhead(world, 3 + ahead, 1002);
    await expect.poll(() => currentOf(world)).toEqual([{index: 1002, state: "answered", taken: ["op-1"]}]);
  });

  it("that sidecars refuse hold up nothing", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    await startSidecars(stage, signing, {rules: {indexesPerKeyPerDay: 3}});
    const {url} = await startTestGateway(stage, onChain);
    await registerAt(world, url, 1000);
    await expect.poll(() => completeExits(world)).toEqual(["0@1000", "0@1001", "0@1002"]);
    await expect.poll(() => currentOf(world)).toEqual([{index: 1000, state: "answered", taken: ["op-1"]}]);
    await expectSigned(stage, onChain, await register(url, wantedFrom(world, 1000)), placedAt(1000, 0));
  });

  it("are not asked for while an exit of the vault is missing", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    const [allowed] = stage.dealt as [Dealt];
    await startSidecars(stage, signing, {rules: {allowedKeys: new Set([allowed.publicKeyHex])}});
    const {url} = await startTestGateway(stage, onChain);
    expect(isSigned(await register(url, wantedFrom(world, 1000)))).toBe(false);
    expect(isSigned(await register(url, wantedFrom(world, 1000)))).toBe(false);
    expect(await completeExits(world)).toEqual(["0@1000"]);
    expect((await currentOf(world)).map(({index}) => index)).toEqual([1000, 1001]);
  });

  it("leave half of an hour's exits to those that are wanted now", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, {...onChain, aheadPerHour: 3});
    await registerAt(world, url, 1000);
    await untilAhead(world, 4);
    onChain.chain.nextIndex = 1001;
    await registerAt(world, url, 1001);
    expect(await completeExits(world)).toHaveLength(4);
    onChain.chain.nextIndex = 1009;
    await registerAt(world, url, 1009);
    expect(await completeExits(world)).toHaveLength(5);
  });

  it("give way to an exit that the vault needs meanwhile, whichever gateway is asked for it", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    const [one, other] = await Promise.all([startTestGateway(stage, onChain), startTestGateway(stage, onChain)]);
    const poll = (url: string) => Promise.all(signing.map((shareIndex) => pollAsSidecarV2(url, stage, shareIndex)));
    const first = register(one.url, wantedFrom(world, 1000));
    await poll(one.url);
    expect(isSigned(await first)).toBe(true);
    await expect.poll(() => currentOf(world)).toMatchObject([{index: 1001, state: "open"}]);
    onChain.chain.nextIndex = 1003;
    const second = register(other.url, wantedFrom(world, 1003));
    await expect.poll(() => currentOf(world)).toMatchObject([{index: 1003, state: "open"}]);
    expect(isSigned(await second)).toBe(false);
    expect(await currentOf(world)).toMatchObject([{index: 1003, state: "open"}]);
    const third = register(other.url, wantedFrom(world, 1003));
    await poll(one.url);
    await expectSigned(stage, onChain, await third, placedAt(1003, 0));
  });

  it("give way to a smaller deposit at the same index, of which nothing is asked for any more as it was", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    const {url} = await startTestGateway(stage, onChain);
    const wanted = (amount: number) => ({...wantedFrom(world, 1000), amounts: [amount]});
    const current = async () => {
      const head = await stage.requests.find({network: networks.hoodi, publicKey: exitOf(stage, 0, 1000).publicKey});
      return {index: head?.validatorIndex, amount: head?.deposit?.deposit.amount};
    };
    const first = register(url, wanted(ether(64)));
    await Promise.all(signing.map((shareIndex) => pollAsSidecarV2(url, stage, shareIndex)));
    expect(isSigned(await first)).toBe(true);
    await expect.poll(current).toEqual({index: 1001, amount: ether(64)});
    expect(isSigned(await register(url, wanted(ether(50))))).toBe(false);
    expect(await current()).toEqual({index: 1000, amount: ether(50)});
    const second = register(url, wanted(ether(50)));
    await Promise.all(signing.map((shareIndex) => pollAsSidecarV2(url, stage, shareIndex)));
    await expectSigned(stage, onChain, await second, [{of: 0, amount: ether(50), index: 1000}]);
    await expect.poll(current).toEqual({index: 1001, amount: ether(50)});
  });

  it("at indexes that a node counted by mistake hide none at the true one, however many there are", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    for (const startIndex of [900_000, 910_000, 920_000, 930_000]) {
      onChain.chain.nextIndex = startIndex;
      await registerAt(world, url, startIndex);
      await expect.poll(async () => (await completeExits(world, startIndex, startIndex + 10)).length).toBe(1 + ahead);
      await expect.poll(() => currentOf(world)).toMatchObject([{index: startIndex, state: "answered"}]);
    }
    onChain.chain.nextIndex = 1000;
    await registerAt(world, url, 1000);
    await expectSigned(stage, onChain, await register(url, wantedFrom(world, 1000)), placedAt(1000, 0));
    await untilAhead(world, 1 + ahead);
  });

  it("are not served to an operator who counts another next index", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    await startSidecars(stage, signing);
    const {url} = await startTestGateway(stage, onChain);
    await registerAt(world, url, 1000);
    await untilAhead(world, 1 + ahead);
    for (const startIndex of [999, 1001]) {
      expect((await register(url, wantedFrom(world, startIndex))).body).toMatchObject({
        validators: [{oracles_exit_signature_shares: null}],
        validators_manager_signature: null,
      });
    }
  });

  it("come from StakeWise's sidecars too", async () => {
    const world = await aWorld({validators: 2});
    const {stage, onChain} = world;
    const {url, stop} = await startTestGateway(stage, onChain);
    let isOver = false;
    const polling = signing.map(async (shareIndex) => {
      while (!isOver) await pollAsSidecarV2(url, stage, shareIndex);
    });
    await registerAt(world, url, 1000);
    await untilAhead(world, 2 + ahead);
    isOver = true;
    await Promise.all(polling);
    await stop();
    const again = await startTestGateway(stage, onChain);
    onChain.chain.nextIndex = 1007;
    const answer = await register(again.url, wantedFrom(world, 1007));
    await expectSigned(stage, onChain, answer, placedAt(1007, 1, 0));
  });

  it("are passed over if the stored one is not what the aggregator signed", async () => {
    const world = await aWorld();
    const {stage, onChain} = world;
    const stopSidecars = await startSidecars(stage, signing);
    const first = await startTestGateway(stage, onChain);
    await registerAt(world, first.url, 1000);
    await untilAhead(world, 1 + ahead);
    await first.stop();
    await stopSidecars();
    const place = `results.${stage.oracleSet.configHash}.aggregator_signature`;
    const {db, exits, oracleSet} = stage;
    const other = (await exits.findResults([exitOf(stage, 0, 1002)], oracleSet.configHash)).get(
      exitKeyOf(exitOf(stage, 0, 1002)),
    );
    await db
      .collection<{_id: string}>("exits")
      .updateOne({_id: exitKeyOf(exitOf(stage, 0, 1001))}, {$set: {[place]: other?.aggregator_signature}});
    const {url} = await startTestGateway(stage, onChain);
    onChain.chain.nextIndex = 1001;
    const answer = await register(url, wantedFrom(world, 1001));
    expect(answer.body).toMatchObject({
      validators: [{oracles_exit_signature_shares: null}],
      validators_manager_signature: null,
    });
  });
});
