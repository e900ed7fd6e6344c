import {nkeys} from "nats";
import {describe, expect, it} from "vitest";
import {createSeed, toIdentity} from "../../../src/messaging/identity.js";

describe("an identity", () => {
  it("has the nkey of its seed, as the nkeys library encodes it", () => {
    for (let made = 0; made < 20; made++) {
      const pair = nkeys.createUser();
      expect(toIdentity("relayer", `${new TextDecoder().decode(pair.getSeed())}\n`).nkey).toBe(pair.getPublicKey());
    }
  });

  it.each([
    {id: "no seed", text: "secret"},
    {id: "a public nkey", text: createSeed().nkey},
    {id: "an account's seed", text: new TextDecoder().decode(nkeys.createAccount().getSeed())},
    // Not the last, some of whose bits mean nothing.
    {id: "a seed with a letter changed", text: createSeed().seed.replace(/(?<=^.{20})./, (it) => (it === "A" ? "B" : "A"))},
  ])("is refused without a word of $id", ({text}) => {
    expect(() => toIdentity("relayer", text)).toThrow(expect.objectContaining({code: "KEY_FILE_INVALID"}));
    expect(() => toIdentity("relayer", text)).toThrow(expect.not.objectContaining({message: expect.stringContaining(text)}));
  });
});
