import {expect, it} from "vitest";
import {assertResult} from "../../../src/client/assertResult.js";
import {networks} from "../../../src/consensus/networks.js";
import {generatePrivateKey, publicKeyOf} from "../../../src/ecies/keys.js";
import type {ExitResult} from "../../../src/exits/completion.js";
import type {ExitId} from "../../../src/exits/exitId.js";
import {toOracleSet} from "../../../src/oracles/oracleSet.js";
import {deliver} from "../../support/deliver.js";
import {aShare, ask, createStage, type Dealt, lastMessage, type Stage} from "../../support/stage.js";

const otherSet = toOracleSet(
  Array.from({length: 4}, () => publicKeyOf(generatePrivateKey())),
  2,
);

/** The stage with `current()` as the current set. */
const withSets = (stage: Stage, current: () => typeof otherSet): Stage => ({
  ...stage,
  aggregator: {...stage.aggregator, oracles: {current}},
});
const exitOf = ({dealt}: Stage, of: number, validatorIndex: number): ExitId => ({
  network: networks.hoodi,
  publicKey: (dealt[of] as Dealt).publicKeyHex,
  validatorIndex,
});
const publishedSet = async (stage: Stage): Promise<unknown> => {
  const subject = `dvt.v2.completions.hoodi.op-1.${(stage.dealt[0] as Dealt).publicKeyHex}.1000`;
  return ((await lastMessage(stage.bus, "COMPLETIONS", subject)) as {oracles_config_hash: string}).oracles_config_hash;
};
const complete = (stage: Stage): Promise<unknown> =>
  Promise.all([1, 2, 3].map((shareIndex) => deliver(stage, aShare(stage, {shareIndex}))));

it("a result for another set is written beside the first, from shares that are signed again, and is published", async () => {
  const stage = await createStage();
  await ask(stage);
  await complete(stage);
  const exit = exitOf(stage, 0, 1000);
  const {configHash} = stage.oracleSet;
  const first = (await stage.exits.findResults([exit], configHash)).values().next().value;
  expect(await publishedSet(stage)).toBe(configHash);

  const changed = withSets(stage, () => otherSet);
  await stage.requests.markAnswered(exit, configHash);
  expect(await deliver(changed, aShare(stage, {shareIndex: 4}))).toBe("late");
  await stage.requests.reopen(exit, Date.now(), 600_000);
  expect(await deliver(changed, aShare(stage, {shareIndex: 4}))).toBe("collecting");
  await complete(changed);
  const {publicKey} = (stage.dealt[0] as Dealt).validator;
  const [second] = (await stage.exits.findResults([exit], otherSet.configHash)).values();
  const aggregatorNkey = stage.participants.aggregator.nkey;
  assertResult({oracleSet: otherSet, aggregatorNkey}, exit, publicKey, second as ExitResult);
  expect((await stage.exits.findResults([exit], configHash)).values().next().value).toEqual(first);
  expect(await publishedSet(stage)).toBe(otherSet.configHash);
  expect(await deliver(stage, aShare(stage, {shareIndex: 1}))).toBe("late");
});

it("no result mixes two sets, however often the current set changes", async () => {
  const stage = await createStage();
  const sets = [stage.oracleSet, otherSet];
  let reads = 0;
  const flipping = withSets(stage, () => sets[reads++ % 2] as typeof otherSet);
  const indexes = [1000, 1002, 1004, 1006];
  const aggregatorNkey = stage.participants.aggregator.nkey;
  for (const [round, validatorIndex] of indexes.entries()) {
    await ask(stage, {count: 2, validatorIndex, requestedAt: round + 1});
    const shares = [0, 1].flatMap((of) =>
      [1, 2, 3, 4].map((shareIndex) => aShare(stage, {of, shareIndex, validatorIndex: validatorIndex + of})),
    );
    await Promise.all(shares.map((share) => deliver(flipping, share)));
    for (const of of [0, 1]) {
      const exit = exitOf(stage, of, validatorIndex + of);
      const found = await Promise.all(sets.map(({configHash}) => stage.exits.findResults([exit], configHash)));
      const results = found.map((it) => [...it.values()]);
      expect(results.flat().length).toBeGreaterThan(0);
      for (const [position, oracleSet] of sets.entries()) {
        const {publicKey} = (stage.dealt[of] as Dealt).validator;
        for (const result of results[position] ?? []) assertResult({oracleSet, aggregatorNkey}, exit, publicKey, result);
      }
    }
  }
  expect(reads).toBeGreaterThan(indexes.length);
});
