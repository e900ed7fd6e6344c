import {setTimeout as delay} from "node:timers/promises";
import {describe, expect, it} from "vitest";
import {createBlindAhead} from "../../../../src/aggregator/exits/blindAhead.js";
import {networks} from "../../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../../src/consensus/voluntaryExit.js";
import {generatePrivateKey, publicKeyOf} from "../../../../src/ecies/keys.js";
import {areShardsOf} from "../../../../src/exits/checkShards.js";
import {exitKeyOf} from "../../../../src/exits/exitId.js";
import {type Blinding, splitExit} from "../../../../src/exits/splitExit.js";
import {toOracleSet} from "../../../../src/oracles/oracleSet.js";
import {yieldToEventLoop} from "../../../../src/runtime/yieldToEventLoop.js";
import {aSecretKey} from "../../../support/examples/keys.js";

const network = networks.hoodi;
const secretKey = aSecretKey("a validator");
const exitAt = (validatorIndex: number) => ({network, publicKey: `0x${"ab".repeat(48)}`, validatorIndex});
const setOf = (threshold: number) => toOracleSet(Array.from({length: 5}, generatePrivateKey).map(publicKeyOf), threshold);
const set = setOf(3);

/** When everything that was begun is made: its timer is set before this one. */
async function untilMade(): Promise<void> {
  await delay(1);
  for (let turn = 0; turn < 20; turn++) await yieldToEventLoop();
}

function create({isIdle = true} = {}) {
  let time = 0;
  const ahead = createBlindAhead({isIdle: () => isIdle, now: () => time, beginAfterMs: 0});
  const begin = async (...indexes: number[]): Promise<void> => {
    for (const index of indexes) ahead.begin(exitAt(index), set);
    await untilMade();
  };
  const take = (index: number, oracleSet = set): Blinding | undefined => ahead.take(exitKeyOf(exitAt(index)), oracleSet);
  return {ahead, begin, take, pass: (ms: number) => (time += ms)};
}

describe("a blinding that is made while shares arrive", () => {
  it("splits its exit for the oracles", async () => {
    const {begin, take} = create();
    await begin(7);
    const signature = secretKey.sign(voluntaryExitSigningRoot(network, 7));
    const shards = splitExit({signature, publicKey: secretKey.toPublicKey()}, 5, take(7) as Blinding);
    const keys = shards.map(({publicKey}) => publicKey.toBytes());
    expect(areShardsOf(secretKey.toPublicKey(), keys, 3)).toBe(true);
    for (const shard of shards) expect(shard.signature.verify(shard.publicKey, voluntaryExitSigningRoot(network, 7))).toBe(true);
  });

  it("is given once, and is another one for each exit and each time", async () => {
    const {begin, take} = create();
    await begin(1, 2);
    const [first, second] = [take(1), take(2)];
    expect(take(1)).toBeUndefined();
    await begin(1);
    const hex = (it: Blinding | undefined) => it?.publicKeys.map((key) => key.toHex()).join();
    expect(new Set([hex(first), hex(second), hex(take(1))]).size).toBe(3);
  });

  it("is not given for another oracle set", async () => {
    const {begin, take} = create();
    await begin(1);
    expect(take(1, setOf(4))).toBeUndefined();
  });

  it("is made of four exits at most, until they are taken or 5 s old", async () => {
    const {begin, take, pass} = create();
    await begin(1, 2, 3, 4, 5);
    expect(take(5)).toBeUndefined();
    pass(5001);
    await begin(6);
    expect([take(1), take(6)]).toEqual([undefined, expect.anything()]);
  });

  it("is not made while there is something else to do", async () => {
    const {begin, take} = create({isIdle: false});
    await begin(1);
    expect(take(1)).toBeUndefined();
  });
});
