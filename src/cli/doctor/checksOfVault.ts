import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import type {Execution} from "../../execution/connectExecution.js";
import {depositContractOf} from "../../execution/depositContract.js";
import {createVaultChain, type VaultChain, type VaultView} from "../../execution/vaultChain.js";
import {createVaultContracts} from "../../execution/vaultContracts.js";
import type {VaultSigner} from "../../execution/vaultSignature.js";
import {parseEndpoints} from "../../http/endpoints.js";
import {keeperOf} from "../../oracles/keeperOf.js";
import {assertMinOracles, type ProtocolConfig} from "../../oracles/protocolConfig.js";
import type {Participants} from "../../participants/participants.js";
import {assertVersion} from "../../registration/plan.js";
import {stakeableGwei} from "../../vaults/amounts.js";
import {fetchHarvest} from "../../vaults/fetchHarvest.js";
import {findManagerAccount} from "../../vaults/findManagerAccount.js";
import {stakeUnitOf} from "../../vaults/stakeUnit.js";
import type {ManagerAccount} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import type {VaultDoctorEnv} from "../env/vaultEnv.js";
import {stakeText} from "../operator/stakeText.js";
import {secondsPerBlock} from "../operator/vault/openVaultNodes.js";
import type {OperatorParts} from "./askerChecks.js";
import {type Check, createPart, Fault, type Part, partCheck, toCheck} from "./check.js";
import type {Context} from "./context.js";

export type VaultConfig = Static<typeof VaultDoctorEnv>;

type VaultParts = OperatorParts & {
  readonly execution: Part<Execution>;
  readonly protocol: Part<ProtocolConfig>;
  /** Of the validators manager; undefined if the settings have neither its key nor a wallet. */
  readonly signer: Part<VaultSigner | undefined>;
};

/** One vault: what it is, who signs for it, whose validators it takes, and its rewards. */
export function checksOfVault(rules: VaultRules, {config, shutdown}: Context<VaultConfig>, parts: VaultParts): Check[] {
  const {vault} = rules;
  const {name} = networks[config.NETWORK];
  const depositContract = depositContractOf(name, config.DEPOSIT_CONTRACT);
  const chain = async (): Promise<VaultChain> =>
    createVaultChain(await parts.execution.need(), {
      vault,
      keeper: keeperOf(name, config.KEEPER_CONTRACT),
      depositContract,
      secondsPerBlock: secondsPerBlock[name],
    });
  const view = createPart(`vault ${vault}`, async () => {
    const read = await (await chain()).read(undefined);
    assertVersion(read, vault);
    return read;
  });
  const hasAccounts = (config.VALIDATORS_MANAGER_KEY_FILE ?? config.WALLET_KEY_FILE) !== undefined;
  return [
    partCheck(view, (read) => describeVault(read, name)),
    ...(hasAccounts
      ? [
          toCheck(`validators manager of ${vault}`, async () => {
            const {validatorsManager} = await view.need();
            const signer = (await parts.signer.need()) as VaultSigner;
            const contracts = createVaultContracts(await parts.execution.need(), depositContract);
            return describeAccount(await findManagerAccount({signer, contracts}, vault, validatorsManager));
          }),
        ]
      : []),
    toCheck(`approvals for ${vault}`, async () => {
      const {validatorsMinOracles: least} = await view.need();
      assertMinOracles(await parts.protocol.need(), least);
      return `${least} oracles have to approve`;
    }),
    toCheck(`clusters of ${vault}`, async () => describeClusters(rules, config.OPERATOR_ID, await parts.participants.need())),
    toCheck(`rewards of ${vault}`, async () => {
      const of = await chain();
      const rewards = await of.findRewards();
      if (!rewards) return "all are taken";
      const gateways = parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS);
      await of.read(await fetchHarvest(vault, rewards, {gateways, signal: shutdown.signal}));
      return "there are some to take: IPFS has them, their proof is right, and the next registration takes them";
    }),
  ];
}

const describeVault = ({version, withdrawableAssets, block}: VaultView, network: VaultConfig["NETWORK"]): string =>
  `version ${version}, ${stakeText(stakeableGwei(network, withdrawableAssets, 0), stakeUnitOf(network))} to stake at block ${block.number}`;

function describeAccount({kind, address}: ManagerAccount): string {
  if (kind === "key") return `it is the key's address: ${address}`;
  return `it is ${kind === "safe" ? "a Safe" : "a contract"} that accepts the key's signatures: ${address}`;
}

/** The sentence about the clusters that a vault's rules name; a Fault unless all of them are there and list the operator. */
export function describeClusters(
  {vault, clusters}: Pick<VaultRules, "vault" | "clusters">,
  operatorId: string,
  participants: Pick<Participants, "clusters">,
): string {
  const entries = [...clusters].map((id) => ({id, entry: participants.clusters.find((it) => it.id === id)}));
  const unknown = entries.filter(({entry}) => !entry).map(({id}) => id);
  if (unknown.length > 0) {
    throw new Fault(
      `the rules for vault ${vault} name ${unknown.join(", ")}, which participants.json does not have`,
      "Correct VALIDATORS_MANAGER_RULES_FILE, or have the administrator add the cluster.",
    );
  }
  const others = entries.filter(({entry}) => !entry?.operatorIds.includes(operatorId)).map(({id}) => id);
  if (others.length > 0) {
    throw new Fault(
      `the rules for vault ${vault} name ${others.join(", ")}, whose exits operator ${operatorId} may not ask for`,
      "Correct VALIDATORS_MANAGER_RULES_FILE or OPERATOR_ID, or have the administrator list the operator for the cluster.",
    );
  }
  return `${[...clusters].join(", ")}, which ${clusters.size === 1 ? "lists" : "list"} this operator`;
}
