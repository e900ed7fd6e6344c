import {expect, it} from "vitest";
import {consoleRules} from "../../../../src/cli/console/consoleRules.js";

it.each([
  {id: "loopback", config: {CONSOLE_HOST: "127.0.0.1"}, problems: 0},
  {id: "another address with tokens", config: {CONSOLE_HOST: "0.0.0.0", CONSOLE_TOKENS_FILE: "tokens.json"}, problems: 0},
  {id: "another address without", config: {CONSOLE_HOST: "0.0.0.0"}, problems: 1},
  {id: "a limit of none", config: {CONSOLE_REQUESTS_PER_MINUTE: "0"}, problems: 1},
])("says of $id that it has $problems problems", ({config, problems}) => {
  expect(consoleRules(config)).toHaveLength(problems);
});
