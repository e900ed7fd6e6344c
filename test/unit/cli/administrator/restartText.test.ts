import {expect, it} from "vitest";
import {restartText} from "../../../../src/cli/administrator/restartText.js";

it.each([
  {name: {kind: "sidecar", clusterId: "alpha", shareIndex: 1}, words: ["systemctl restart dvt-sidecar", "GATEWAY_SEEDS_DIR"]},
  {name: {kind: "operator", id: "acme"}, words: ["dvt operator request", "GATEWAY_SEEDS_DIR", "dvt trust"]},
  {name: {kind: "viewer", id: "ops"}, words: ["dvt console"]},
] as const)("says what to restart for a new nkey of the $name.kind, and where", ({name, words}) => {
  const text = restartText(name);
  for (const word of words) expect(text).toContain(word);
});
