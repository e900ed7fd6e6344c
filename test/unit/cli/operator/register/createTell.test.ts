import {expect, it} from "vitest";
import type {Lacking} from "../../../../../src/approvals/outcome.js";
import {createTell} from "../../../../../src/cli/operator/register/createTell.js";
import type {Step} from "../../../../../src/registration/steps.js";

const ready: Step = {step: "exits ready", startIndex: 7, validators: 2, ms: 5};
const root: Step = {step: "root read", depositRoot: "0x12", startIndex: 7};
const assets = (stakeableGwei: number): Step => ({step: "obstacle", obstacle: {why: "assets", stakeableGwei}});
const oracles = (...hosts: string[]): Step => {
  const failures = hosts.map((host) => ({oracle: "0x01", host, kind: "unavailable", reason: "it answers 502"}) as const);
  const lacking: Lacking = {outcome: "lacking", needed: 2, groups: [], failures, pending: 0};
  return {step: "obstacle", obstacle: {why: "oracles", lacking}};
};
const approved: Step = {step: "approved", oracles: 2, ms: 9};

function telling() {
  const told: string[] = [];
  let at = 0;
  const tell = createTell({unit: "ETH", print: (text) => void told.push(text), now: () => at});
  return {
    told,
    pass: (ms: number) => {
      at += ms;
    },
    tell: (...steps: Step[]) => {
      for (const step of steps) tell(step);
    },
  };
}

it("tells an obstacle once, and again when it is another one", () => {
  const {told, tell} = telling();
  tell(assets(0), assets(0), assets(1e9), assets(0));
  expect(told).toEqual([0, 1, 0].map((eth) => `the vault has ${eth} ETH to stake, too little for this`));
});

it("tells what leads to the same obstacle once, and with what comes after it, all of it", () => {
  const {told, tell} = telling();
  tell(ready, root, oracles("one", "two"));
  const before = [...told];
  expect(before).toHaveLength(3);
  tell(ready, root, oracles("two", "one"), ready, root, oracles("one"));
  expect(told).toEqual(before);
  tell(ready, root, approved);
  expect(told.slice(3)).toEqual([before[0], before[1], "2 oracles approve (9 ms since the root)"]);
  tell(ready, root, oracles("one", "two"));
  expect(told.slice(6)).toEqual(before);
});

it("tells at once what is further than the obstacle", () => {
  const {told, tell} = telling();
  tell(assets(0), ready);
  expect(told).toHaveLength(2);
  tell(root, oracles("one"), ready, oracles("one"));
  expect(told).toHaveLength(4);
});

it("tells once a minute what oracles say", () => {
  const {told, tell, pass} = telling();
  for (let second = 0; second < 130; second++) {
    tell(ready, root, second % 2 === 0 ? oracles("one", "two") : oracles("two", "one"));
    pass(1000);
  }
  expect(told.filter((text) => text.startsWith("the oracles do not approve"))).toHaveLength(3);
});
