import {beforeEach, describe, expect, it} from "vitest";
import {networks} from "../../../src/consensus/networks.js";
import type {Wallet} from "../../../src/execution/wallet.js";
import {planRegistration} from "../../../src/registration/plan.js";
import {register} from "../../../src/registration/register.js";
import {abiOf, deployContract} from "../../../src/sandbox/chain/contracts.js";
import {bindContract, type DeployedContract} from "../../../src/sandbox/chain/stakeWise.js";
import {managerOf} from "../../support/openRegistrationParts.js";
import {aRegistrationStage, type RegistrationStage, useVaultChain} from "../../support/registrationStage.js";

const {signal} = new AbortController();
const once = {watch: false, signal};
const chain = useVaultChain();
const key = managerOf(networks.mainnet).address;
const nobody = `0x${"77".repeat(20)}`;

/** A vault whose validators manager is this contract. */
async function aStage(contract: "ContractManager" | "SafeManager", owner = key) {
  const address = await deployContract(chain().anvil, contract, [owner]);
  const [account = ""] = await chain().anvil.rpc<string[]>("eth_accounts");
  const it = await aRegistrationStage(chain(), {settings: {validatorType: "0x01"}});
  await it.stakeWise.setManager(address);
  return {...it, contract: bindContract(chain().anvil, {abi: abiOf(contract), address, account})};
}

/** Resolves with what ended it, once it has asked for nothing. */
async function refusalOf(it: RegistrationStage): Promise<string> {
  const error = await register(it.parts, once).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({code: "VALIDATORS_MANAGER_WRONG"});
  expect(it.asked).toEqual([]);
  expect(it.oracles.all.flatMap((oracle) => oracle.asked())).toEqual([]);
  return (error as Error).message;
}

describe.each([
  {contract: "ContractManager", kind: "contract"},
  {contract: "SafeManager", kind: "safe"},
] as const)("a vault whose manager is a $kind", ({contract, kind}) => {
  it("registers with the key that it accepts", async () => {
    const it = await aStage(contract);
    expect(await planRegistration(it.parts)).toMatchObject({account: {address: it.contract.address.toLowerCase(), kind}});
    expect(await register(it.parts, once)).toEqual({publicKeys: it.parts.candidates().slice(0, 2)});
    expect(await it.stakeWise.vault.read("validatorsManagerNonce")).toBe(1n);
  });

  it("registers nothing with a key that it does not accept, and says so before it asks for anything", async () => {
    const said = await refusalOf(await aStage(contract, nobody));
    expect(said).toContain("have the contract accept that key (ERC-1271)");
    expect(said).toContain(kind === "safe" ? "isValidSignature reverts: GS026" : "it answers 0xffffffff to isValidSignature");
  });
});

it.each([
  {id: "has no isValidSignature", code: "0x5f5ffd", says: "isValidSignature reverts: without a reason"},
  {id: "answers nothing", code: "0x00", says: "it answers 0 bytes to isValidSignature"},
  {id: "answers true", code: "0x60015f5260205ff3", says: "it answers 0x00000000 to isValidSignature"},
  {id: "answers too little", code: "0x631626ba7e60e01b5f5260045ff3", says: "it answers 4 bytes to isValidSignature"},
  {id: "uses up all gas", code: "0xfe", says: "isValidSignature fails"},
  {id: "is none", code: "0x", says: `its validators manager is ${nobody}, and the key here is of ${key}; use that key`},
])("a manager that $id is refused in words", async ({code, says}) => {
  await chain().anvil.rpc("anvil_setCode", nobody, code);
  const it = await aRegistrationStage(chain());
  await it.stakeWise.setManager(nobody);
  expect(await refusalOf(it)).toContain(says);
});

it("a manager that answers nobody but its vault is asked as the vault asks it", async () => {
  const it = await aRegistrationStage(chain());
  const isVault = `3373${it.stakeWise.vault.address.slice(2)}14601d575f5ffd`;
  await chain().anvil.rpc("anvil_setCode", nobody, `0x${isVault}5b631626ba7e60e01b5f5260205ff3`);
  await it.stakeWise.setManager(nobody);
  expect(await planRegistration(it.parts)).toMatchObject({account: {address: nobody, kind: "contract"}});
});

describe("a contract that changes its mind", () => {
  let stage: RegistrationStage & {readonly contract: DeployedContract};
  beforeEach(async () => {
    stage = await aStage("ContractManager");
  });
  const changeMind = () => stage.contract.send("setOwner", [nobody]);

  it("before the transaction is sent is shown by the simulation, in words", async () => {
    const wallet: Wallet = {
      ...stage.parts.wallet,
      async estimate(call) {
        await changeMind();
        return stage.parts.wallet.estimate(call);
      },
    };
    await expect(register({...stage.parts, wallet}, once)).rejects.toMatchObject({
      code: "REGISTRATION_REVERTED",
      message: expect.stringContaining(
        "AccessDenied: the vault's validators manager has changed, or is a contract that no longer accepts",
      ),
    });
    expect(stage.journal.pending).toEqual({});
  });

  it("before the oracles are asked is what they say, and what the next plan ends with", async () => {
    const confirm = async () => {
      await changeMind();
      return true;
    };
    await expect(register({...stage.parts, confirm}, once)).rejects.toMatchObject({code: "VALIDATORS_MANAGER_WRONG"});
    const [told] = stage.steps.filter(({step}) => step === "obstacle");
    expect(JSON.stringify(told)).toContain("validators_manager_signature is not the manager's");
  });
});
