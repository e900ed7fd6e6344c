import {type Abi, type AbiEvent, type AbiFunction, parseAbi, toEventSelector, toFunctionSelector} from "viem";
import {describe, expect, it} from "vitest";
import {depositAbi, keeperAbi, vaultAbi} from "../../../src/execution/stakeWiseAbi.js";
import {abiOf} from "../../../src/sandbox/chain/contracts.js";
import {vector} from "../../support/files.js";

/** Selectors and topics of StakeWise's contracts as they are on chains, so that a slip in an ABI of ours is found. */
const known = {
  Vault: {
    admin: "0xf851a440",
    consolidateValidators: "0x5c0935db",
    fundValidators: "0xa145ca01",
    isStateUpdateRequired: "0x72b410a8",
    mevEscrow: "0x3229fa95",
    multicall: "0xac9650d8",
    receiveFromMevEscrow: "0x53156f28",
    registerValidators: "0x83d430d5",
    setValidatorsManager: "0x754c3888",
    totalAssets: "0x01e1d114",
    updateState: "0x1a7ff553",
    v2Validators: "0x776ae2b0",
    validatorsManager: "0xb1f0e7c7",
    validatorsManagerNonce: "0x24a14b14",
    vaultId: "0x33194c0a",
    version: "0x54fd4d50",
    withdrawValidators: "0xd40a902f",
    withdrawableAssets: "0x2cdf7401",
    V2ValidatorRegistered: "0xff60f8758c2c5b9fb519990081b98ea94fbce2fe5b8e8567f56ea596c4388c97",
    ValidatorConsolidationSubmitted: "0x2e39a5e9f9a916c93a0c0855dfde095e1fb604c3aa569b3d118d3515c73986c2",
    ValidatorFunded: "0x057d631530744ed33116aec833eea9b7d8026d2869f15aba5dc1c40e6b475edf",
    ValidatorRegistered: "0x64b6e61d93b7a91e8cc4376183ede0997a27b44fd9dd2f30a866b2a5730efdb1",
    ValidatorWithdrawalSubmitted: "0x9fc45d13a96327d041de2ef7365bf0a843077e74ac359a2691ae9c7af4f198e1",
    ValidatorsManagerUpdated: "0x6bdc78d8c88160b3fc3638e67f2afe523b3f4c7d00c56ebb6216790e4c3eb2cb",
  },
  Keeper: {
    addOracle: "0xdf5dd1a5",
    approveValidators: "0x837d4441",
    canHarvest: "0xfb70261a",
    canUpdateRewards: "0x3cf8b6b3",
    exitSignaturesNonces: "0x26f9872d",
    harvest: "0x25f56f11",
    isCollateralized: "0x02ad4d2a",
    isHarvestRequired: "0x7d6359ee",
    isOracle: "0xa97e5c93",
    lastRewardsTimestamp: "0x2f0bc1a7",
    prevRewardsRoot: "0x9fdd305e",
    removeOracle: "0xfdc85fc4",
    rewards: "0x0700037d",
    rewardsDelay: "0x50131d47",
    rewardsMinOracles: "0x7386749e",
    rewardsNonce: "0x9da8987f",
    rewardsRoot: "0x217863b7",
    setRewardsMinOracles: "0xd7fc432e",
    setValidatorsMinOracles: "0x9c3a7bd8",
    totalOracles: "0xf2fbad47",
    unlockedMevRewards: "0x31b36a51",
    updateConfig: "0x8a76984d",
    updateExitSignatures: "0x4a940b7a",
    updateRewards: "0x556a6899",
    validatorsMinOracles: "0x203efb5e",
    ConfigUpdated: "0x3f8d0d126f4c7f870ec9de90e2f4aa192e5e721bd3c48a77547fb9a7550eed32",
    ExitSignaturesUpdated: "0x00864475858b77001993c57b93686a71d9b05afd547263395177b71e912a9cc1",
    Harvested: "0x3f1d24dac9bcd1609d88c0def0340864f36b317d196e522a8a437da375f3d8af",
    OracleAdded: "0x0047706786c922d17b39285dc59d696bafea72c0b003d3841ae1202076f4c2e4",
    OracleRemoved: "0x9c8e7d83025bef8a04c664b2f753f64b8814bdb7e27291d7e50935f18cc3c712",
    RewardsMinOraclesUpdated: "0x2f6ee959bfba5f7019d3c0391efaa73bce31771540b48b0be8240c1ff7f1c2e5",
    RewardsUpdated: "0xfa453467fa89fc89833cc6e9c06a26a6c6db0fa6df2df5c74e685a27b0c931f2",
    ValidatorsApproval: "0x926dc0536ff09ba1fa0fd4ec449001effeb2a30e74031acf619e5d47ffa518fd",
    ValidatorsMinOraclesUpdated: "0x40d0dae231c3912f939945de2019b6769b0b6136e363b3d10a1a9d5eb632e474",
  },
  DepositContract: {
    deposit: "0x22895118",
    get_deposit_count: "0x621fd130",
    get_deposit_root: "0xc5f2892f",
    DepositEvent: "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5",
  },
  GnosisDepositContract: {
    claimWithdrawal: "0xa3066aab",
    deposit: "0x0cac9f31",
    get_deposit_count: "0x621fd130",
    get_deposit_root: "0xc5f2892f",
    stake_token: "0x640415bf",
    withdrawableAmount: "0xbe7ab51b",
    DepositEvent: "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5",
  },
  ConsolidationsChecker: {isValidSignatures: "0x47761915", verifySignatures: "0xdd95a980"},
} as const;

/** Every ABI that we call these contracts with, and those of the tests' own contracts. */
const ours: readonly {who: string; contract: keyof typeof known; abi: Abi}[] = [
  {who: "src/execution", contract: "Vault", abi: vaultAbi},
  {who: "src/execution", contract: "Keeper", abi: keeperAbi},
  {who: "src/execution", contract: "DepositContract", abi: depositAbi},
  {who: "src/execution", contract: "GnosisDepositContract", abi: depositAbi},
  {who: "test/contracts", contract: "Vault", abi: abiOf("Vault")},
  {who: "test/contracts", contract: "Keeper", abi: abiOf("Keeper")},
  {who: "test/contracts", contract: "DepositContract", abi: abiOf("DepositContract")},
  {who: "test/contracts", contract: "Vault", abi: abiOf("GnosisVault")},
  {who: "test/contracts", contract: "GnosisDepositContract", abi: abiOf("GnosisDepositContract")},
  {who: "test/contracts", contract: "ConsolidationsChecker", abi: abiOf("ConsolidationsChecker")},
];

/** With these, tests set what elsewhere happens by itself. */
const onlyInTests = ["reserve", "setVault", "owner", "vaults", "setWithdrawable"];

type Named = AbiFunction | AbiEvent;
const isNamed = (item: Abi[number]): item is Named => item.type === "function" || item.type === "event";
const selectorOf = (item: Named): string => (item.type === "event" ? toEventSelector(item) : toFunctionSelector(item));

describe.each(ours)("the ABI of $contract in $who", ({contract, abi}) => {
  const items = abi.filter(isNamed).filter(({name}) => !onlyInTests.includes(name));

  it("has the selectors and topics of StakeWise's", () => {
    const selectors: Readonly<Record<string, string>> = known[contract];
    const expected = items.map(({name}) => [name, selectors[name]]);
    expect(Object.fromEntries(items.map((item) => [item.name, selectorOf(item)]))).toEqual(Object.fromEntries(expected));
  });
});

describe("the ABI of StakeWise's SDK", () => {
  type Signatures = {contracts: Record<"Vault" | "Keeper", string[]>};
  const {contracts} = vector<Signatures>("stakewise-sdk.json");
  const published = Object.entries(contracts).flatMap(([contract, signatures]) =>
    (parseAbi(signatures as never) as Abi).filter(isNamed).map((item) => ({contract, name: item.name, item})),
  );
  const shapeOf = (item: Named) => ({
    selector: selectorOf(item),
    inputs: item.inputs.map((input) =>
      "components" in input ? input.components.map(({name, type}) => ({name, type})) : input.type,
    ),
    outputs: item.type === "function" ? item.outputs.map(({type}) => type) : [],
  });

  it.each(published)("has $name of $contract as we have it", ({contract, name, item}) => {
    const own = ours
      .filter((one) => one.contract === contract)
      .flatMap(({abi}) => abi.filter(isNamed).filter((it) => it.name === name));
    expect(own.map(shapeOf)).toEqual(own.map(() => shapeOf(item)));
    expect(own).not.toEqual([]);
  });
});
