import {expect, it} from "vitest";
import {gatewayRules} from "../../../../src/cli/gateway/gatewayRules.js";

const all = {
  VALIDATORS_MANAGER_KEY_FILE: "key.json",
  VALIDATORS_MANAGER_PASSWORD_FILE: "password",
  VALIDATORS_MANAGER_RULES_FILE: "rules.json",
  EXECUTION_ENDPOINT: "http://127.0.0.1:8545",
};
const {EXECUTION_ENDPOINT: _, ...withoutEndpoint} = all;

it.each([
  {id: "all of the validators manager's variables", config: all, problems: 0},
  {id: "none of them", config: {}, problems: 0},
  {id: "an execution node alone", config: {EXECUTION_ENDPOINT: all.EXECUTION_ENDPOINT}, problems: 0},
  {id: "all and full exits", config: {...all, ALLOW_FULL_EXITS: "true" as const}, problems: 0},
  {id: "no execution node", config: withoutEndpoint, problems: 1},
  {id: "the key alone", config: {VALIDATORS_MANAGER_KEY_FILE: "key.json"}, problems: 3},
  {id: "the rules alone", config: {VALIDATORS_MANAGER_RULES_FILE: "rules.json"}, problems: 3},
  {id: "full exits without a key", config: {ALLOW_FULL_EXITS: "true" as const}, problems: 1},
  {id: "one request within a minute", config: {GATEWAY_REQUESTS_PER_MINUTE: "1"}, problems: 0},
  {id: "one port for two", config: {STATUS_PORT: "8000", GATEWAY_PORT: "8000"}, problems: 1},
  {id: "any port for each", config: {STATUS_PORT: "0", GATEWAY_PORT: "0"}, problems: 0},
  {id: "no request at all", config: {GATEWAY_REQUESTS_PER_MINUTE: "0"}, problems: 1},
])("finds $problems problems with $id", ({config, problems}) => {
  expect(gatewayRules(config)).toHaveLength(problems);
});
