import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {toSsvValidator} from "../../../../src/clusters/ssv/ssvShares.js";
import {fromHex, toHex} from "../../../../src/runtime/hex.js";
import {fixture} from "../../../support/files.js";

describe("toSsvValidator", () => {
  it.each([
    {id: "ssv-dkg", path: ["ssv-dkg", "keyshares.json"]},
    {id: "ssv-keys", path: ["ssv-keys", "multi-shares.json"]},
    {id: "ssv-keys, the format before", path: ["ssv-keys", "old-shares.json"]},
  ])("accepts what $id wrote, including the owner", ({path}) => {
    const file = JSON.parse(readFileSync(fixture(...path), "utf8"));
    const {data, payload} = file.shares?.[0] ?? file;
    const sharesData = fromHex(payload.sharesData);
    const owner = {address: data.ownerAddress, nonce: data.ownerNonce};
    const validator = toSsvValidator({...payload, sharesData, owner}, "a file");
    expect(validator.publicKeyHex).toBe(payload.publicKey);
    const written = Buffer.concat([
      sharesData.subarray(0, 96),
      ...[...validator.publicKeyShares.values()].map((share) => share.toBytes()),
      ...(validator.encryptedKeyShares?.values() ?? []),
    ]);
    expect(toHex(written)).toBe(payload.sharesData);
    expect([...validator.publicKeyShares.keys()]).toEqual(payload.operatorIds);
    expect([...(validator.encryptedKeyShares?.keys() ?? [])]).toEqual(payload.operatorIds);
  });
});
