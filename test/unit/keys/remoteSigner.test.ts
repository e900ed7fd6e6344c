import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {type PublicKey, parseSignature, type SecretKey, verifySignature} from "../../../src/bls/curve.js";
import {depositSigningRoot} from "../../../src/consensus/deposit.js";
import {type Network, networks} from "../../../src/consensus/networks.js";
import {computeDomain, computeSigningRoot} from "../../../src/consensus/signingRoot.js";
import {VoluntaryExit, voluntaryExitSigningRoot} from "../../../src/consensus/voluntaryExit.js";
import {createRemoteSigner} from "../../../src/keys/remoteSigner.js";
import {createSigner} from "../../../src/keys/signerClient.js";
import {fromHex, toHex} from "../../../src/runtime/hex.js";
import {aCluster} from "../../support/examples/cluster.js";
import {aSecretKey} from "../../support/examples/keys.js";
import {fixture} from "../../support/files.js";
import {patience} from "../../support/patience.js";
import {aSigner, saying, sayingJson} from "../../support/signer.js";

const {validators, definition: cluster} = aCluster({validators: 3});
const publicKeys = [...cluster.validators.keys()];
const [publicKey = ""] = publicKeys;
const shares = (shareIndex: number): SecretKey[] => validators.map(({secretShares}) => secretShares[shareIndex - 1] as SecretKey);
const publicKeyShare = cluster.validators.get(publicKey)?.publicKeyShares.get(2) as PublicKey;
const exit = {network: networks.hoodi, publicKey, validatorIndex: 42};
const sourceAt = (url: string, shareIndex = 2) =>
  createRemoteSigner(createSigner({url, timeoutMs: patience.pollMs, retryDelaysMs: []}), shareIndex);

type ExitRequest = {
  signingRoot: string;
  fork_info: {fork: {current_version: string}; genesis_validators_root: string};
  voluntary_exit: {epoch: string; validator_index: string};
};

/** Every field of it, as paths. */
const fieldsOf = (value: unknown, path = ""): string[] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, it]) => fieldsOf(it, `${path}.${name}`))
    : [`${path}: ${typeof value}`];

/** The signing root as a signer computes it, from nothing but the request. */
function rootOf({fork_info, voluntary_exit}: ExitRequest): string {
  const root = fromHex(fork_info.genesis_validators_root);
  const domain = computeDomain(Uint8Array.of(4, 0, 0, 0), fromHex(fork_info.fork.current_version), root);
  const {epoch, validator_index} = voluntary_exit;
  const message = VoluntaryExit.hashTreeRoot({epoch: Number(epoch), validatorIndex: Number(validator_index)});
  return toHex(computeSigningRoot(message, domain));
}

describe("the key shares that a remote signer has", () => {
  it("are those of this share index, of the validators that it lists", async () => {
    const {url} = await aSigner({keys: [...shares(2).slice(0, 2), ...shares(3), aSecretKey()]});
    const {keyShares, problems} = await sourceAt(url).open(cluster);
    expect(problems).toEqual([]);
    expect(keyShares.shareIndex).toBe(2);
    expect([...keyShares.publicKeys]).toEqual(publicKeys.slice(0, 2));
    const signed = keyShares.sign({...exit, publicKey: publicKeys[2] as string});
    await expect(signed).rejects.toThrow("no key share");
  });

  it("are more when it lists more", async () => {
    const keys = shares(2).slice(0, 1);
    const {url} = await aSigner({list: (response, asked) => sayingJson(200, keys.map(hexOf))(response, asked)});
    const source = sourceAt(url);
    expect((await source.open(cluster)).keyShares.publicKeys.size).toBe(1);
    keys.push(...shares(2).slice(1));
    expect((await source.open(cluster)).keyShares.publicKeys.size).toBe(3);
  });

  it("are a problem where there are none", async () => {
    const {url} = await aSigner({keys: shares(3)});
    const {problems} = await sourceAt(url).open(cluster);
    expect(problems).toMatchObject([{error: {code: "SIGNER_KEYS_MISSING"}}]);
  });

  it("are none, and no problem, in a cluster without validators", async () => {
    const {url} = await aSigner();
    expect((await sourceAt(url).open({...cluster, validators: new Map()})).problems).toEqual([]);
  });

  it.each([
    {id: "is not well", options: {upcheck: saying(500, "")}},
    {id: "does not list them", options: {list: saying(200, "<html></html>")}},
  ])("are not known of one that $id", async ({options}) => {
    const {url} = await aSigner({keys: shares(2), ...options});
    await expect(sourceAt(url).open(cluster)).rejects.toMatchObject({code: "SIGNER_UNAVAILABLE"});
  });
});

describe("an exit", () => {
  it("is signed with the key share, which never leaves the signer", async () => {
    const {url, paths} = await aSigner({keys: shares(2)});
    const {keyShares} = await sourceAt(url).open(cluster);
    const signature = parseSignature(await keyShares.sign(exit));
    expect(verifySignature(publicKeyShare, voluntaryExitSigningRoot(networks.hoodi, 42), signature)).toBe(true);
    expect(paths().at(-1)).toBe(`/api/v1/eth2/sign/${toHex(publicKeyShare.toBytes())}`);
  });

  it("is asked for with the fields of Web3Signer's own request", async () => {
    const {url, asked} = await aSigner({keys: shares(2)});
    await (await sourceAt(url).open(cluster)).keyShares.sign(exit);
    const example = JSON.parse(readFileSync(fixture("web3signer", "voluntary_exit.request.json"), "utf8"));
    const request = JSON.parse(asked.at(-1)?.body ?? "");
    expect(fieldsOf(request).sort()).toEqual(fieldsOf(example).sort());
    expect(request.type).toBe(example.type);
    // What the example's signing root is made of is what ours is.
    expect(rootOf(example)).toBe(example.signingRoot);
  });

  it.each(Object.values(networks))(
    "is asked for at Capella's fork and epoch, so that any signer comes to its root: $name",
    async (network) => {
      const {url, asked} = await aSigner({keys: shares(2)});
      await (await sourceAt(url).open(cluster)).keyShares.sign({...exit, network});
      const request = JSON.parse(asked.at(-1)?.body ?? "");
      expect(request.voluntary_exit).toEqual({epoch: String(network.capellaForkEpoch), validator_index: "42"});
      expect(request.fork_info.fork.epoch).toBe(String(network.capellaForkEpoch));
      expect(request.signingRoot).toBe(toHex(voluntaryExitSigningRoot(network, 42)));
      expect(rootOf(request)).toBe(request.signingRoot);
    },
  );

  const root = voluntaryExitSigningRoot(networks.hoodi, 42);
  const [own, other] = [shares(2)[0] as SecretKey, shares(3)[0] as SecretKey];
  it.each([
    {id: "of another exit", signature: own.sign(voluntaryExitSigningRoot(networks.hoodi, 43)).toBytes()},
    {id: "of another network", signature: own.sign(voluntaryExitSigningRoot(networks.mainnet, 42)).toBytes()},
    {id: "of another key", signature: other.sign(root).toBytes()},
    {id: "that is no point", signature: new Uint8Array(96).fill(0xff)},
    {id: "of infinity", signature: Uint8Array.from({length: 96}, (_, at) => (at === 0 ? 0xc0 : 0))},
  ])("is not taken with a signature $id", async ({signature}) => {
    const {url} = await aSigner({keys: shares(2), sign: sayingJson(200, {signature: toHex(signature)})});
    const {keyShares} = await sourceAt(url).open(cluster);
    await expect(keyShares.sign(exit)).rejects.toMatchObject({
      code: "SIGNER_SIGNATURE_INVALID",
      message: expect.not.stringContaining(toHex(signature).slice(2, 40)),
    });
  });
});

describe("a deposit", () => {
  const deposit = (network: Network) => ({
    network,
    publicKey,
    withdrawalCredentials: Uint8Array.from({length: 32}, (_, at) => (at === 0 ? 1 : at)),
    amount: 32_000_000_000n,
  });

  it("is signed with the key share, over the validator's own key", async () => {
    const {url, asked} = await aSigner({keys: shares(2)});
    const {keyShares} = await sourceAt(url).open(cluster);
    const {withdrawalCredentials, amount} = deposit(networks.hoodi);
    const signature = parseSignature(await keyShares.signDeposit(deposit(networks.hoodi)));
    const root = depositSigningRoot(networks.hoodi, {pubkey: fromHex(publicKey), withdrawalCredentials, amount});
    expect(verifySignature(publicKeyShare, root, signature)).toBe(true);
    expect(JSON.parse(asked.at(-1)?.body ?? "")).toEqual({
      type: "DEPOSIT",
      signingRoot: toHex(root),
      deposit: {
        pubkey: publicKey,
        withdrawal_credentials: toHex(withdrawalCredentials),
        amount: "32000000000",
        genesis_fork_version: "0x10000910",
      },
    });
  });

  it("is not taken with a signature of another one", async () => {
    const [own] = shares(2) as [SecretKey];
    const {url} = await aSigner({keys: shares(2), sign: saying(200, toHex(own.sign(new Uint8Array(32)).toBytes()))});
    const {keyShares} = await sourceAt(url).open(cluster);
    await expect(keyShares.signDeposit(deposit(networks.hoodi))).rejects.toMatchObject({code: "SIGNER_SIGNATURE_INVALID"});
  });
});

const hexOf = (secretKey: SecretKey): string => toHex(secretKey.toPublicKey().toBytes());
