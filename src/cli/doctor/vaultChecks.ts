import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import {connectExecution, type Execution} from "../../execution/connectExecution.js";
import {depositContractOf} from "../../execution/depositContract.js";
import {createVaultChain, type VaultChain, type VaultView} from "../../execution/vaultChain.js";
import {createVaultContracts} from "../../execution/vaultContracts.js";
import type {VaultSigner} from "../../execution/vaultSignature.js";
import {parseEndpoints} from "../../http/endpoints.js";
import {keeperOf} from "../../oracles/keeperOf.js";
import {assertMinOracles, type ProtocolConfig} from "../../oracles/protocolConfig.js";
import type {Participants} from "../../participants/participants.js";
import {assertVersion} from "../../registration/plan.js";
import {countText} from "../../runtime/countText.js";
import {userPath} from "../../runtime/userPath.js";
import {stakeableGwei} from "../../vaults/amounts.js";
import {fetchHarvest} from "../../vaults/fetchHarvest.js";
import {findManagerAccount} from "../../vaults/findManagerAccount.js";
import {loadVaultRules} from "../../vaults/loadVaultRules.js";
import type {ManagerAccount} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import type {VaultDoctorEnv} from "../env/vaultEnv.js";
import {openManagerSigner} from "../operator/openAccounts.js";
import {stakeText, stakeUnitOf} from "../operator/stakeText.js";
import {secondsPerBlock} from "../operator/vault/openVaultNodes.js";
import type {OperatorParts} from "./askerChecks.js";
import {type Check, createPart, Fault, type Part, partCheck, toCheck} from "./check.js";
import {type Context, withCopies} from "./context.js";
import {definitionChecks} from "./files.js";
import {walletChecks, walletPart} from "./walletChecks.js";

type Config = Static<typeof VaultDoctorEnv>;

/** What the commands for vaults need besides: the whole oracles' config, wallet, manager, rules, and each vault of the rules. */
export async function vaultChecks(context: Context<Config>, parts: OperatorParts): Promise<Check[]> {
  const {config, env} = context;
  const network = networks[config.NETWORK];
  const protocol = createPart("oracles to ask", async () => (await parts.oracles.need()).protocolConfig());
  const execution = executionPart(context);
  const wallet = walletPart(context, execution);
  const {VALIDATORS_MANAGER_RULES_FILE: file, VALIDATORS_MANAGER_KEY_FILE: managerFile} = config;
  const signer = createPart(managerFile === undefined ? "WALLET_KEY_FILE" : "VALIDATORS_MANAGER_KEY_FILE", () =>
    openManagerSigner(network, context),
  );
  const rules = createPart("VALIDATORS_MANAGER_RULES_FILE", () =>
    loadVaultRules(userPath(file as string, env), {allowFullExits: config.ALLOW_FULL_EXITS === "true"}),
  );
  const known = file === undefined ? [] : [...((await rules.open().catch(() => undefined))?.values() ?? [])];
  return [
    protocolCheck(protocol),
    ...(wallet ? walletChecks(wallet, context) : []),
    ...(managerFile === undefined ? [] : [partCheck(signer, (it) => `its password opens it: ${it?.address}`)]),
    ...(file === undefined ? [] : [partCheck(rules, (all) => `${countText(all.size, "vault")}: ${[...all.keys()].join(", ")}`)]),
    ...(await rulesDefinitions(known, context, parts.participants)),
    ...known.flatMap((it) => checksOf(it, context, {...parts, execution, protocol, signer})),
  ];
}

const executionPart = ({config, shutdown}: Context<Config>): Part<Execution> =>
  // Each node has a line of its own.
  createPart("EXECUTION_ENDPOINT", (logger) =>
    connectExecution(config.EXECUTION_ENDPOINT ?? "", {chain: networks[config.NETWORK], signal: shutdown.signal, logger}),
  );

/** Asking the oracles takes more of their config than splitting exits. */
const protocolCheck = (part: Part<ProtocolConfig>): Check =>
  partCheck(part, ({oracles, oracleSet, batchLimits}) => {
    const mute = oracles.filter(({endpoints}) => endpoints.length === 0).map(({address}) => address);
    const askable = oracles.length - mute.length;
    const says = `${askable} of ${oracles.length} have endpoints, and approve ${batchLimits.registration} validators at once`;
    if (askable >= oracleSet.threshold) return says;
    throw new Fault(
      `only ${askable} of ${oracles.length} have endpoints`,
      "Take the whole protocol config of StakeWise for ORACLES_CONFIG_FILE: dvt oracles save FILE.",
    );
  });

/** Only keys of a verified definition are registered. */
async function rulesDefinitions(
  rules: readonly VaultRules[],
  context: Context<Config>,
  participants: Part<Participants>,
): Promise<Check[]> {
  const named = new Set(rules.flatMap(({clusters}) => [...clusters]));
  const all = await participants.open().catch(() => undefined);
  if (!all || named.size === 0) return [];
  const clusters = all.clusters.filter(({id}) => named.has(id));
  return definitionChecks({...all, clusters}, {...context, config: await withCopies(context)});
}

type VaultParts = OperatorParts & {
  readonly execution: Part<Execution>;
  readonly protocol: Part<ProtocolConfig>;
  /** Of the validators manager; undefined if the settings have neither its key nor a wallet. */
  readonly signer: Part<VaultSigner | undefined>;
};

/** One vault: what it is, who signs for it, whose validators it takes, and its rewards. */
function checksOf(rules: VaultRules, {config, shutdown}: Context<Config>, parts: VaultParts): Check[] {
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

const describeVault = ({version, withdrawableAssets, block}: VaultView, network: Config["NETWORK"]): string =>
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
