import {describe, expect, it} from "vitest";
import {loadTokens, parseJwtSecrets} from "../../../../src/gateway/access/loadCredentials.js";
import {sidecarsOf, someParticipants} from "../../../support/examples/participants.js";
import {useFolder} from "../../../support/files.js";

const folder = useFolder();
const participants = someParticipants({
  network: "hoodi",
  operatorIds: ["acme"],
  clusters: [{id: "alpha", definition: "", operatorIds: ["acme"], sidecars: sidecarsOf([1, 2])}],
});
const hash = (digit: string): string => digit.repeat(64);

describe("the tokens file", () => {
  it("names the caller of each token", async () => {
    const entries = [
      {sha256: hash("A"), operator_id: "acme"},
      {sha256: hash("b"), cluster_id: "alpha", share_index: 2},
    ];
    expect(await loadTokens(folder.write("tokens.json", JSON.stringify(entries)), participants)).toEqual([
      {sha256: new Uint8Array(32).fill(0xaa), caller: {as: "operator", operatorId: "acme"}},
      {sha256: new Uint8Array(32).fill(0xbb), caller: {as: "sidecar", clusterId: "alpha", shareIndex: 2}},
    ]);
  });

  it.each([
    {id: "nobody", entries: []},
    {id: "an operator who is not listed", entries: [{sha256: hash("a"), operator_id: "other"}]},
    {id: "a sidecar that is not listed", entries: [{sha256: hash("a"), cluster_id: "alpha", share_index: 3}]},
    {id: "a token in plain", entries: [{sha256: "secret", operator_id: "acme"}]},
    {id: "one for two", entries: [{sha256: hash("a"), operator_id: "acme", cluster_id: "alpha", share_index: 1}]},
    {
      id: "the same token twice",
      entries: [
        {sha256: hash("a"), operator_id: "acme"},
        {sha256: hash("A"), cluster_id: "alpha", share_index: 1},
      ],
    },
  ])("is refused with $id", async ({entries}) => {
    const path = folder.write("tokens.json", JSON.stringify(entries));
    await expect(loadTokens(path, participants)).rejects.toMatchObject({code: "TOKENS_INVALID"});
  });
});

describe("RELAYER_JWT_SECRET", () => {
  const hex = hash("1");
  const key = new Uint8Array(32).fill(0x11);

  it("is the only operator's, or names each", () => {
    expect(parseJwtSecrets(`0x${hex}`, ["acme"])).toEqual([{operatorId: "acme", key}]);
    expect(parseJwtSecrets(`acme=${hex}, other=0x${hash("2")}`, ["acme", "other"])).toEqual([
      {operatorId: "acme", key},
      {operatorId: "other", key: new Uint8Array(32).fill(0x22)},
    ]);
  });

  it.each([
    {id: "too short", text: "11", operatorIds: ["acme"]},
    {id: "no hex", text: `${hex}x`, operatorIds: ["acme"]},
    {id: "nobody's, of two operators", text: hex, operatorIds: ["acme", "other"]},
    {id: "of an operator who is not served", text: `other=${hex}`, operatorIds: ["acme"]},
  ])("is refused when it is $id, and not quoted", ({text, operatorIds}) => {
    const parse = () => parseJwtSecrets(text, operatorIds);
    expect(parse).toThrow(expect.objectContaining({code: "CONFIG_INVALID"}));
    expect(parse).not.toThrow(text);
  });
});
