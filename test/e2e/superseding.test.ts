import {describe, expect, it} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {publish} from "../../src/messaging/publish.js";
import {aBatch} from "../support/aBatch.js";
import {storedMessage} from "../support/stage.js";
import {createSystem, operatorId} from "../support/system.js";
import {untilMessages, untilShares} from "../support/until.js";

describe("a key that is asked for at a new index", () => {
  it("gets the new exit only, though the old one's shares are under way and the old batch comes once more", async () => {
    const system = await createSystem({validators: 3});
    await Promise.all([system.relayer(), system.sidecars(0, 1, 2)]);
    const operatorBus = await system.busOf(`operator-${operatorId}`);
    const {publicKeys} = system;
    const oldBatch = aBatch(operatorBus.identity, {operatorId, publicKeys, requestedAt: Date.now() - 1000});
    const oldShares = untilShares(system.bus, "dvt.v2.exit_shares.>", 9);
    await publish(operatorBus, exitBatch, oldBatch);
    await oldShares;
    const operator = system.request({startIndex: 2000});
    const newShares = untilShares(system.bus, "dvt.v2.exit_shares.>", 9);
    await newShares;
    await system.aggregator();
    const results = await system.expectCompleted(operator, 2000);

    const answered = untilMessages(system.bus, "dvt.v2.completions.>", 3);
    await publish(operatorBus, exitBatch, oldBatch);
    await answered;
    for (const publicKey of system.publicKeys) {
      const {validators} = oldBatch;
      const index = validators.find((it) => it.public_key === publicKey)?.validator_index;
      const subject = `dvt.v2.completions.hoodi.${operatorId}.${publicKey}.${index}`;
      expect(await storedMessage(system.bus, "COMPLETIONS", subject)).toMatchObject({
        status: "rejected",
        code: "EXIT_SUPERSEDED",
      });
    }
    const old = await system.db
      .collection("exits")
      .find({validator_index: {$lt: 2000}})
      .toArray();
    expect(old.filter(({results}) => Object.keys(results).length > 0)).toEqual([]);
    // What was asked for again is read back as it was written.
    expect(await system.expectCompleted(system.request({startIndex: 2000}), 2000)).toEqual(results);
  });
});
