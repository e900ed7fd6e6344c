import {join} from "node:path";
import {type Address, type Hex, recoverTypedDataAddress} from "viem";
import {expect} from "vitest";
import type {OraclesExitSignatureShares} from "../../schemas/exitCompletion.js";
import {networks} from "../../src/consensus/networks.js";
import {createVaultSigner} from "../../src/execution/vaultSignature.js";
import {depositRootOf} from "../../src/exits/depositId.js";
import {verifyShare} from "../../src/exits/recoverExit.js";
import type {PolicyRules} from "../../src/policy/policy.js";
import {fromHex, toHex} from "../../src/runtime/hex.js";
import {createValidatorsManager} from "../../src/vaults/createValidatorsManager.js";
import type {VaultRules} from "../../src/vaults/vaultRules.js";
import {encodeRegistrations} from "../../src/vaults/vaultValidators.js";
import {temporaryFolder} from "./servers.js";
import {aVault, type Dealt, type Stage} from "./stage.js";
import {startTestSidecar} from "./startTestSidecar.js";
import {type Answer, post} from "./testGateway.js";

export const ether = (amount: number): number => amount * 1_000_000_000;
export const otherVault = `0x${"b2".repeat(20)}`;
export const rootOf = (byte: string): string => `0x${byte.repeat(32)}`;

/** The chain as a gateway sees it; the test moves it on. */
export function createChain() {
  const chain = {root: rootOf("c1"), nextIndex: 1000, registered: new Set<string>(), onRoot: () => {}};
  const rulesOf = (vault: string): VaultRules => ({
    vault,
    clusters: new Set(["c1", "c2"]),
    allowFullExits: false,
    operations: new Map([["register", {maxAmount: ether(64)}]]),
  });
  const depositRoot = async (): Promise<string> => {
    chain.onRoot();
    return chain.root;
  };
  const signer = createVaultSigner(new Uint8Array(32).fill(7), networks.hoodi.chainId);
  const manager = createValidatorsManager({
    signer,
    contracts: {
      depositRoot,
      managerNonce: async () => rootOf("00"),
      validatorsManager: async () => signer.address,
      isContract: async () => false,
      askSignature: async () => "no contract",
    },
    rules: new Map([aVault, otherVault].map((vault) => [vault, rulesOf(vault)])),
    chain: undefined,
  });
  const registry = {
    read: async () => {
      const {nextIndex, registered} = chain;
      return {nextIndex, isRegistered: (key: string) => registered.has(key)};
    },
  };
  return {chain, manager, registry};
}

const toBody = (change: object): object => ({
  vault: `0x${aVault.slice(2).toUpperCase()}`,
  validators_start_index: 1000,
  amounts: [ether(32)],
  validator_type: "0x02",
  unknown_field: 1,
  ...change,
});
export const register = (url: string, change: object = {}, authorization?: string): Promise<Answer> =>
  post(`${url}/register`, toBody(change), authorization);

/** As an operator who does not wait for the answer once this has happened. */
export async function registerUntil(url: string, change: object, happened: Promise<unknown>): Promise<void> {
  const leaving = new AbortController();
  const headers = {"content-type": "application/json"};
  const {signal} = leaving;
  const asked = fetch(`${url}/register`, {method: "POST", headers, body: JSON.stringify(toBody(change)), signal}).catch(() => {});
  await happened;
  leaving.abort();
  await asked;
}

type Listed = {public_key: string; amount: number; deposit_signature: string | null};
export const keysOf = ({body}: Answer): string[] => (body["validators"] as Listed[]).map(({public_key}) => public_key);
export const toPart = (public_key: string | undefined, amount: number, parts: object = {}): object => ({
  public_key,
  amount,
  deposit_signature: null,
  exit_signature: null,
  oracles_exit_signature_shares: null,
  ...parts,
});

/** Returns what ends them. */
export async function startSidecars(
  stage: Stage,
  shareIndexes: readonly number[],
  {vaults = [aVault], rules = {}}: {vaults?: readonly string[]; rules?: Partial<PolicyRules>} = {},
): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const depositRules = {allowedVaults: new Set(vaults)};
  const stops = await Promise.all(
    shareIndexes.map((shareIndex) => startTestSidecar(stage, join(folder, `${shareIndex}`), {shareIndex, depositRules, rules})),
  );
  return async () => void (await Promise.all(stops.map((stop) => stop())));
}

/** Complete and right: the stored shards of the exit at its index, the validator's own deposit signature, the manager's of all. */
export async function expectSigned(
  {exits, oracleSet, dealt}: Pick<Stage, "exits" | "oracleSet" | "dealt">,
  {manager, chain}: ReturnType<typeof createChain>,
  {status, body}: Answer,
  expected: readonly {of: number; amount: number; index: number}[],
): Promise<void> {
  expect(status).toBe(200);
  const validators = body["validators"] as Listed[];
  const parts = expected.map(async ({of, amount, index}, position) => {
    const {publicKeyHex: publicKey, validator} = dealt[of] as Dealt;
    const exit = {network: networks.hoodi, publicKey, validatorIndex: index};
    const [result] = (await exits.findResults([exit], oracleSet.configHash)).values();
    const {public_keys, encrypted_exit_signatures} = result as OraclesExitSignatureShares;
    const deposit_signature = validators[position]?.deposit_signature ?? "";
    const root = depositRootOf({...exit, deposit: {vault: aVault, amount, validator_type: "0x02"}});
    expect(verifyShare(validator.publicKey, root, fromHex(deposit_signature))).toBeDefined();
    return toPart(publicKey, amount, {
      deposit_signature,
      oracles_exit_signature_shares: {public_keys, encrypted_exit_signatures},
    });
  });
  expect(validators).toEqual(await Promise.all(parts));
  const registrations = validators.map(({public_key: publicKey, amount, deposit_signature}) => ({
    publicKey,
    amount,
    depositSignature: deposit_signature as string,
  }));
  const signer = await recoverTypedDataAddress({
    domain: {name: "VaultValidators", version: "1", chainId: networks.hoodi.chainId, verifyingContract: aVault as Address},
    types: {
      VaultValidators: [
        {name: "validatorsRegistryRoot", type: "bytes32"},
        {name: "validators", type: "bytes"},
      ],
    },
    primaryType: "VaultValidators",
    message: {
      validatorsRegistryRoot: chain.root as Hex,
      validators: toHex(encodeRegistrations(aVault, "0x02", registrations)) as Hex,
    },
    signature: body["validators_manager_signature"] as Hex,
  });
  expect(signer).toBe(manager.address);
}
