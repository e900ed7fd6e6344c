import {describe, expect, it} from "vitest";
import {openShare} from "../../../../src/aggregator/exits/openShare.js";
import {encrypt} from "../../../../src/ecies/ecies.js";
import {generatePrivateKey, publicKeyOf} from "../../../../src/ecies/keys.js";

const keys = Array.from({length: 3}, generatePrivateKey);
const plaintext = new Uint8Array(96).fill(7);
const sealedTo = (key: Uint8Array): Uint8Array => encrypt(publicKeyOf(key), plaintext);

describe("openShare", () => {
  it.each([0, 1, 2])("opens a share under key %i of three", (position) => {
    expect(openShare(keys, sealedTo(keys[position] as Uint8Array), (share) => Uint8Array.from(share))).toEqual(plaintext);
  });

  it("throws when a share is under none of them", () => {
    expect(() => openShare(keys, sealedTo(generatePrivateKey()), () => {})).toThrow("not a message to this key");
  });

  it.each([
    {id: "that returns", use: () => {}},
    {
      id: "that throws",
      use: () => {
        throw new Error("no");
      },
    },
  ])("overwrites the unencrypted share after a use $id", ({use}) => {
    let seen: Uint8Array | undefined;
    try {
      openShare(keys, sealedTo(keys[0] as Uint8Array), (share) => {
        seen = share;
        use();
      });
    } catch {}
    expect(seen).toEqual(new Uint8Array(96));
  });
});
