import {describe, expect, it} from "vitest";
import type {Presence} from "../../../schemas/presence.js";
import {isOwnRole} from "../../../src/presence/isOwnRole.js";
import {aPresence} from "../../support/examples/messages.js";

const third = {cluster_id: "alpha", share_index: 3} as const;
const own: {id: string; change: Partial<Presence>}[] = [
  {id: "the relayer", change: {participant: "relayer", role: "relayer"}},
  {id: "the aggregator", change: {participant: "aggregator", role: "aggregator"}},
  {id: "a sidecar", change: {participant: "sidecar-alpha-3", role: "sidecar", ...third}},
  {id: "the gateway for a sidecar", change: {participant: "sidecar-alpha-3", role: "gateway", ...third}},
  {id: "the gateway for an operator", change: {participant: "operator-op-1", role: "gateway"}},
];
const foreign: {id: string; change: Partial<Presence>}[] = [
  {id: "a sidecar as the relayer", change: {participant: "sidecar-alpha-3", role: "relayer"}},
  {id: "the relayer as the aggregator", change: {participant: "relayer", role: "aggregator"}},
  {id: "the relayer as a sidecar", change: {participant: "relayer", role: "sidecar", ...third}},
  {id: "the relayer with a share index", change: {participant: "relayer", role: "relayer", ...third}},
  {id: "a sidecar of another share index", change: {participant: "sidecar-alpha-4", role: "sidecar", ...third}},
  {id: "a sidecar of another cluster", change: {participant: "sidecar-beta-3", role: "sidecar", ...third}},
  {id: "a sidecar without a share index", change: {participant: "sidecar-alpha-3", role: "sidecar"}},
  {id: "an operator as a sidecar", change: {participant: "operator-op-1", role: "sidecar", ...third}},
  {id: "an operator as the gateway for a sidecar", change: {participant: "operator-op-1", role: "gateway", ...third}},
  {id: "a sidecar as the gateway for nobody", change: {participant: "sidecar-alpha-3", role: "gateway"}},
  {id: "an administrator as a gateway", change: {participant: "admin", role: "gateway"}},
];

describe("a presence", () => {
  it.each(own)("is believed of $id", ({change}) => {
    expect(isOwnRole(aPresence(change))).toBe(true);
  });

  it.each(foreign)("is not believed of $id", ({change}) => {
    expect(isOwnRole(aPresence(change))).toBe(false);
  });
});
