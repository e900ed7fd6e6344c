import {expect, it} from "vitest";
import type {OrderEntry} from "../../../schemas/order.js";
import {toBatches} from "../../../src/client/toBatches.js";
import {networks} from "../../../src/consensus/networks.js";
import {entryDigestOf, orderContent} from "../../../src/exits/order.js";
import {createSeed, isSignedBy, toIdentity} from "../../../src/messaging/identity.js";
import {aDeposit, publicKey} from "../../support/examples/messages.js";

const network = networks.hoodi;
const identity = toIdentity("operator-op-1", createSeed().seed);

it("signs an order for each 64 validators of a batch, with their deposits", () => {
  const exits = Array.from({length: 1001}, (_, validatorIndex) => ({
    network,
    publicKey,
    validatorIndex,
    deposit: validatorIndex % 2 === 0 ? aDeposit() : undefined,
  }));
  const batches = toBatches(exits, {operatorId: "op-1", requestedAt: 7, identity}).map(({batch}) => batch);
  expect(batches.map(({validators, order_signatures}) => [validators.length, order_signatures.length])).toEqual([
    [1000, 16],
    [1, 1],
  ]);
  for (const {validators, order_signatures, requested_at} of batches) {
    const isSigned = (entries: readonly OrderEntry[], position: number): boolean => {
      const content = orderContent({
        network: network.name,
        operatorId: "op-1",
        requestedAt: requested_at,
        digests: entries.map(entryDigestOf),
      });
      return isSignedBy(identity.nkey, "order", content, Buffer.from(order_signatures[position] ?? "", "base64"));
    };
    for (let position = 0; position < order_signatures.length; position++) {
      const entries = validators.slice(position * 64, (position + 1) * 64);
      expect(isSigned(entries, position)).toBe(true);
      expect(isSigned(entries.map(({deposit: _, ...exit}) => exit).slice(1), position)).toBe(false);
    }
  }
});

it("marks a rotation", () => {
  const exits = [{network, publicKey, validatorIndex: 7, rotation: true as const}];
  const [first] = toBatches(exits, {operatorId: "op-1", requestedAt: 7, identity});
  expect(first?.batch.validators).toEqual([{public_key: publicKey, validator_index: 7, rotation: true}]);
});
