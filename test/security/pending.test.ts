import {describe, expect, it} from "vitest";
import {type Registration, registration} from "../../schemas/registration.js";
import type {Bus} from "../../src/messaging/connect.js";
import {publish} from "../../src/messaging/publish.js";
import type {Claim} from "../../src/registration/claim.js";
import type {Journal} from "../../src/registration/journal.js";
import {operate} from "../../src/registration/operations/operate.js";
import {register} from "../../src/registration/register.js";
import {claimTestVault} from "../support/aClaim.js";
import {aRegistration} from "../support/examples/messages.js";
import {anOperationStage, first, part} from "../support/operationStage.js";
import {aRegistrationStage, ether, type RegistrationStage, useVaultChain} from "../support/registrationStage.js";
import {createStage} from "../support/stage.js";

const {signal} = new AbortController();
const once = {watch: false, signal};
const chain = useVaultChain();
const foreignKey = `0x${"ab".repeat(48)}`;
const deadline = () => Math.floor(Date.now() / 1000) + 600;

const journalOf = (claim: Claim): Journal => ({read: async () => claim.pending, write: claim.write});

/** op-2, which shares a cluster with op-1, says what is pending of the vault, and op-1 claims the vault after that. */
async function claimAfter(vault: string, said: Pick<Registration, "pending" | "operation">): Promise<Journal> {
  const stage = await createStage();
  const [own, hostile]: Bus[] = [await stage.busOf("operator-op-1"), await stage.busOf("operator-op-2")];
  const {pending: _, operation: __, ...head} = aRegistration({operator_id: "op-2", vault, lease_ms: 0});
  await publish(hostile as Bus, registration, {...head, ...said});
  return journalOf(await claimTestVault(own as Bus, {vault}));
}

type Sent = NonNullable<Registration["operation"]>;
/** A transaction of this wallet. */
const ofWallet = (wallet: string, change: Partial<Omit<Sent, "manager_nonce">> = {}): Omit<Sent, "manager_nonce"> => ({
  wallet: wallet.toLowerCase(),
  nonce: 0,
  hashes: [`0x${"e1".repeat(32)}`],
  max_fee_per_gas: "1",
  max_priority_fee_per_gas: "0",
  ...change,
});
const aPendingOf = (sent: Omit<Sent, "manager_nonce">): NonNullable<Registration["pending"]> => ({
  ...sent,
  deposit_root: `0x${"d7".repeat(32)}`,
  deadline: deadline(),
  public_keys: [foreignKey],
});

/** The hash of a transaction that did something. */
async function aTransaction(from: string, to: string, change: object = {}): Promise<string> {
  const {rpc} = chain().anvil;
  await rpc("anvil_impersonateAccount", from);
  await rpc("anvil_setBalance", from, `0x${(10n ** 19n).toString(16)}`);
  return rpc<string>("eth_sendTransaction", {from, to, ...change});
}

const registeredOf = async ({parts}: RegistrationStage) =>
  (await parts.vaultChain.readRegistered(3600)).map(({publicKey}) => publicKey);
const stranger = `0x${"57".repeat(20)}`;

describe("an operator of the same cluster, by what it says is pending,", () => {
  it.each<{id: string; from: "stranger" | "wallet"; to: "stranger" | "vault"}>([
    {id: "another's", from: "stranger", to: "stranger"},
    {id: "another's with the vault", from: "stranger", to: "vault"},
    {id: "the wallet's with others", from: "wallet", to: "stranger"},
    {id: "the wallet's with the vault", from: "wallet", to: "vault"},
  ])("cannot have a transaction of $id taken for a registration", async ({from, to}) => {
    const it = await aRegistrationStage(chain(), {settings: {validatorType: "0x01"}});
    const {wallet, rules, vaultChain} = it.parts;
    // Anybody may send ETH to a vault.
    const hash = await aTransaction(from === "wallet" ? wallet.address : stranger, to === "vault" ? rules.vault : stranger, {
      value: "0x1",
    });
    expect((await wallet.find({wallet: stranger, nonce: 9, hashes: [hash], counts: () => true})).is).toBe("included");
    const {nonce} = await wallet.read();
    const sent = ofWallet(wallet.address, {hashes: [hash], nonce});
    const journal = await claimAfter(vaultChain.vault, {pending: aPendingOf(sent)});
    const registered = await register({...it.parts, journal}, once);
    expect(registered).toEqual({publicKeys: it.parts.candidates().slice(0, 2)});
    expect(it.steps.filter(({step}) => step === "registered")).toEqual([
      expect.objectContaining({publicKeys: it.parts.candidates().slice(0, 2)}),
    ]);
    expect(await registeredOf(it)).toHaveLength(2);
  });

  it("cannot have keys called registered that a registration of the wallet did not register", async () => {
    const it = await aRegistrationStage(chain(), {settings: {validatorType: "0x01"}});
    const {wallet, vaultChain} = it.parts;
    await register(it.parts, once);
    const hash = it.steps.flatMap((step) => (step.step === "registered" ? [step.hash] : []))[0] as string;
    it.steps.length = 0;
    const journal = await claimAfter(vaultChain.vault, {pending: aPendingOf(ofWallet(wallet.address, {hashes: [hash]}))});
    expect(await register({...it.parts, journal}, once)).toEqual({publicKeys: it.parts.candidates().slice(0, 2)});
    expect(JSON.stringify(it.steps, (_, it) => (typeof it === "bigint" ? String(it) : it))).not.toContain(foreignKey);
  });

  it.each(["stranger", "vault"])("cannot have a withdrawal left out by a transaction of a stranger's with a %s", async (to) => {
    const it = await anOperationStage(chain());
    const {manager, wallet, vaultChain} = it.parts;
    const {vault} = vaultChain;
    const hash = await aTransaction(stranger, to === "vault" ? vault : stranger, {value: "0x1"});
    const {nonce} = await wallet.read();
    const operation = {...ofWallet(wallet.address, {hashes: [hash], nonce}), manager_nonce: await manager.readNonce(vault)};
    const parts = {...it.parts, settings: {...it.parts.settings, stuckMs: 100}};
    const journal = await claimAfter(vault, {operation});
    expect(await operate({...parts, journal}, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(it.steps).not.toContainEqual(expect.objectContaining({earlier: expect.objectContaining({step: "included"})}));
    expect(await it.events()).toHaveLength(1);
  });

  it.each<{id: string; change: (nonce: number) => Parameters<typeof ofWallet>[1]}>([
    {id: "a nonce that no block can take next", change: (nonce) => ({nonce: nonce + 500})},
    {id: "the highest nonce", change: () => ({nonce: Number.MAX_SAFE_INTEGER})},
    {id: "a fee beyond all limits", change: (nonce) => ({nonce, max_fee_per_gas: `1${"0".repeat(30)}`})},
    {id: "a fee just below the limit", change: (nonce) => ({nonce, max_fee_per_gas: String(10n ** 11n - 1n)})},
    {id: "a tip beyond all limits", change: (nonce) => ({nonce, max_priority_fee_per_gas: `1${"0".repeat(30)}`})},
  ])("cannot keep the wallet from sending by $id", async ({change}) => {
    const it = await anOperationStage(chain());
    const {wallet, vaultChain, manager} = it.parts;
    const {vault} = vaultChain;
    const {nonce} = await wallet.read();
    const sent = ofWallet(wallet.address, change(nonce));
    const settings = {stuckMs: 100, amounts: [32e9]};
    const withdrawing = await claimAfter(vault, {operation: {...sent, manager_nonce: await manager.readNonce(vault)}});
    const parts = {...it.parts, journal: withdrawing, settings: {...it.parts.settings, ...settings}};
    expect(await operate(parts, it.withdrawal(part(first)), signal)).toHaveProperty("hash");
    expect(it.steps.find(({step}) => step === "sent")).toMatchObject({nonce});
    await it.stakeWise.fund(32n * ether);
    it.registrationSteps.length = 0;
    const pending = aPendingOf(ofWallet(wallet.address, change(nonce + 1)));
    const registering = await claimAfter(vault, {pending});
    const registration = {...it.registrationParts, journal: registering};
    const registered = await register({...registration, settings: {...registration.settings, ...settings}}, once);
    expect(registered).toMatchObject({publicKeys: [expect.anything()]});
    expect(it.registrationSteps.find(({step}) => step === "sent")).toMatchObject({nonce: nonce + 1});
  });
});
