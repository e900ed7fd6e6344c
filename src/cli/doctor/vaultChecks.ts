import {networks} from "../../consensus/networks.js";
import {connectExecution, type Execution} from "../../execution/connectExecution.js";
import type {ProtocolConfig} from "../../oracles/protocolConfig.js";
import type {Participants} from "../../participants/participants.js";
import {countText} from "../../runtime/countText.js";
import {userPath} from "../../runtime/userPath.js";
import {loadVaultRules} from "../../vaults/loadVaultRules.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import {openManagerSigner} from "../operator/openAccounts.js";
import type {OperatorParts} from "./askerChecks.js";
import {type Check, createPart, Fault, type Part, partCheck} from "./check.js";
import {checksOfVault, type VaultConfig} from "./checksOfVault.js";
import {type Context, withCopies} from "./context.js";
import {definitionChecks} from "./files.js";
import {walletChecks, walletPart} from "./walletChecks.js";

/** What the commands for vaults need besides: the whole oracles' config, wallet, manager, rules, and each vault of the rules. */
export async function vaultChecks(context: Context<VaultConfig>, parts: OperatorParts): Promise<Check[]> {
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
    ...known.flatMap((it) => checksOfVault(it, context, {...parts, execution, protocol, signer})),
  ];
}

const executionPart = ({config, shutdown}: Context<VaultConfig>): Part<Execution> =>
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
  context: Context<VaultConfig>,
  participants: Part<Participants>,
): Promise<Check[]> {
  const named = new Set(rules.flatMap(({clusters}) => [...clusters]));
  const all = await participants.open().catch(() => undefined);
  if (!all || named.size === 0) return [];
  const clusters = all.clusters.filter(({id}) => named.has(id));
  return definitionChecks({...all, clusters}, {...context, config: await withCopies(context)});
}
