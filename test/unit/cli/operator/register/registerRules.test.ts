import {expect, it} from "vitest";
import {registerRules} from "../../../../../src/cli/operator/register/registerRules.js";

const whole = {EXECUTION_ENDPOINT: "http://127.0.0.1:8545", CONSENSUS_ENDPOINT: "http://127.0.0.1:5052"};

it.each([
  {id: "the shortest", lease: "3s", problems: []},
  {id: "the longest", lease: "10m", problems: []},
  {id: "one that renewals would miss", lease: "2999ms", problems: [/^CLAIM_LEASE 2999ms is too short: it may be 3s to 10m$/]},
  {id: "one that the message cannot say", lease: "601s", problems: [/too long/]},
  {id: "what is no duration, and was told", lease: "soon", problems: []},
])("judges $id, $lease", ({lease, problems}) => {
  expect(registerRules({...whole, CLAIM_LEASE: lease})).toEqual(problems.map((it) => expect.stringMatching(it)));
});
