import {describe, expect, it} from "vitest";
import {consolidationDigest, registrationDigest, rotationDigest, signerOf} from "../../../src/execution/oracleSignatures.js";

const vault = `0x${"ab".repeat(20)}`;
const validators = Uint8Array.from({length: 368}, (_, position) => position % 256);
const ipfsHash = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy";
const deadline = 1_700_000_000;
const keeper = {chainId: 560_048, contract: "0xa7d1ac9d6f32b404c75626874ba56f7654c1dc0f"};
const checker = {chainId: 560_048, contract: `0x${"5c".repeat(20)}`};
const registration = {validatorsRegistryRoot: `0x${"cd".repeat(32)}`, vault, validators, ipfsHash, deadline};
const rotation = {vault, ipfsHash, nonce: 7n, deadline};
const signer = "0x2f03312e2743533a9312a5292cb34e29c0533680";

/**
 * Digests and signatures made with Python's eth-account 0.14.0. The digests are also what eth-abi 6.0.0 makes of the contracts' type
 * hashes and abi.encode.
 */
const known = [
  {
    id: "registration",
    digest: registrationDigest(keeper, registration),
    expected: "0x35a9f4a9c43f19735cd78facf30ebd7808eb21bee526292a692724c731604b34",
    signature:
      "0xcf99be659ba342a1f64eac2f9f4b25c8cdb6067a5c6d926efb591029363fba624130fbead96bd5a9181bba5d6f73e0eac635e7801bd5b5c0a403e46e0fa6930d1c",
  },
  {
    id: "rotation",
    digest: rotationDigest(keeper, rotation),
    expected: "0x82843ecd9fe63131903ed1f0404cb62a471ff81792cde65bc7af89265951881e",
    signature:
      "0xfd51be5762f2345d862d00e2bcbcd603154469468c677db1d865add394f247d7663402ed273532c299e76618e99119f8f078a20c180705b7f8e3541b4ad195431c",
  },
  {
    id: "consolidation",
    digest: consolidationDigest(checker, {vault, validators}),
    expected: "0xf5d799159c7c79afa4e9b4fa2d3a736433e3aa325df51992a6c749cddd8ea143",
    signature:
      "0xb697f0431a6238001fa9f31a75ad92b992188b8f5eff6bbbb0889f33cf3682ea518e0b5fec20319d2afe117c2f17f8cb74db9d62e869636adf56c8a0c55ea4051c",
  },
] as const;

describe.each(known)("the digest of a $id", ({digest, expected, signature}) => {
  it("is that of another implementation, and so is who signed it", async () => {
    expect(digest).toBe(expected);
    expect(await signerOf(digest, signature)).toBe(signer);
  });
});

describe("the digests", () => {
  it("differ with each field", () => {
    const digests = [
      registrationDigest(keeper, registration),
      registrationDigest({...keeper, chainId: 1}, registration),
      registrationDigest({...keeper, contract: checker.contract}, registration),
      registrationDigest(keeper, {...registration, validatorsRegistryRoot: `0x${"ce".repeat(32)}`}),
      registrationDigest(keeper, {...registration, vault: checker.contract}),
      registrationDigest(keeper, {...registration, validators: validators.slice(1)}),
      registrationDigest(keeper, {...registration, ipfsHash: ipfsHash.toUpperCase()}),
      registrationDigest(keeper, {...registration, deadline: deadline - 1}),
      rotationDigest(keeper, rotation),
      rotationDigest(keeper, {...rotation, nonce: 8n}),
      rotationDigest(keeper, {...rotation, deadline: deadline - 1}),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe("signerOf", () => {
  const [{digest, signature}] = known;
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const s = BigInt(`0x${signature.slice(66, 130)}`);
  const otherS = `${signature.slice(0, 66)}${(order - s).toString(16).padStart(64, "0")}1b`;

  it.each([
    {id: "the higher s, which the contracts refuse", of: otherS},
    {id: "a v of 1 in place of 28", of: `${signature.slice(0, -2)}01`},
    {id: "64 bytes", of: signature.slice(0, -2)},
    {id: "66 bytes", of: `${signature}00`},
    {id: "no hex", of: `0x${"zz".repeat(64)}1b`},
    {id: "an r of 0", of: `0x${"00".repeat(32)}${signature.slice(66)}`},
    {id: "an s of 0", of: `${signature.slice(0, 66)}${"00".repeat(32)}1b`},
    {id: "an r above the order", of: `0x${"ff".repeat(32)}${signature.slice(66)}`},
  ])("is nobody for $id", async ({of}) => {
    expect(await signerOf(digest, of)).toBeUndefined();
  });

  it("is somebody else for another digest", async () => {
    expect(await signerOf(known[1].digest, signature)).not.toBe(signer);
  });
});
