import {describe, expect, it} from "vitest";
import type {Deposit} from "../../../schemas/deposit.js";
import {type AskedDocument, mergeAsked} from "../../../src/store/askedDeposit.js";
import {aDeposit} from "../../support/examples/messages.js";

const one = aDeposit();
const other = aDeposit({amount: 64_000_000_000});
const orderOf = (operatorId: string, requestedAt: number): string => `order of ${operatorId} at ${requestedAt}`;
const asked = (
  deposit: Deposit,
  requested_at: number,
  operators: Record<string, number> = {"op-1": requested_at},
): AskedDocument => ({
  ...deposit,
  requested_at,
  operators: Object.fromEntries(Object.entries(operators).map(([id, at]) => [id, {requested_at: at, order_id: orderOf(id, at)}])),
});
const ask = (deposit: Deposit | undefined, requestedAt: number, operatorId = "op-1") => ({
  deposit,
  requestedAt,
  operatorId,
  orderId: orderOf(operatorId, requestedAt),
});
const expired = {...asked(one, 5), expired: true as const};

describe("the deposit of an exit", () => {
  it.each([
    {id: "is what is asked for first", standing: undefined, by: ask(one, 5), merged: {current: asked(one, 5)}},
    {id: "is none where nobody asks", standing: undefined, by: ask(undefined, 5), merged: {}},
    {
      id: "stays when the exit alone is asked for",
      standing: asked(one, 5),
      by: ask(undefined, 9, "op-2"),
      merged: {current: asked(one, 5)},
    },
    {
      id: "gets another who asks for it",
      standing: asked(one, 5),
      by: ask(one, 4, "op-2"),
      merged: {current: asked(one, 5, {"op-1": 5, "op-2": 4})},
    },
    {
      id: "is asked for as of the latest request",
      standing: asked(one, 5),
      by: ask(one, 9),
      merged: {current: asked(one, 9)},
    },
    {
      id: "keeps an operator's later request when an earlier one of the same operator comes again",
      standing: asked(one, 9, {"op-1": 9}),
      by: ask(one, 5),
      merged: {current: asked(one, 9, {"op-1": 9})},
    },
    {
      id: "gives way to one of a later request",
      standing: asked(one, 5, {"op-1": 5, "op-2": 5}),
      by: ask(other, 6),
      merged: {current: asked(other, 6), replaced: asked(one, 5, {"op-1": 5, "op-2": 5})},
    },
    {
      id: "does not give way to one of an earlier request",
      standing: asked(one, 5),
      by: ask(other, 4, "op-2"),
      merged: {current: asked(one, 5)},
    },
    {
      id: "does not give way to one of the same time",
      standing: asked(one, 5),
      by: ask(other, 5, "op-2"),
      merged: {current: asked(one, 5)},
    },
    {id: "stays expired when its request comes again", standing: expired, by: ask(one, 5), merged: {current: expired}},
    {
      id: "is asked for anew after it expired",
      standing: expired,
      by: ask(one, 6, "op-2"),
      merged: {current: asked(one, 6, {"op-1": 5, "op-2": 6})},
    },
  ])("$id", ({standing, by, merged}) => {
    expect(mergeAsked(standing, by)).toEqual(merged);
  });
});
