import type {Static} from "typebox";
import {connectBeacon} from "../../../beacon/connectBeacon.js";
import {createValidatorFinder} from "../../../beacon/findValidators.js";
import {createRequestReader} from "../../../beacon/requestReader.js";
import {createManagerChain, type ManagerChain} from "../../../execution/managerChain.js";
import type {OperationParts} from "../../../registration/operations/operate.js";
import type {ChainRequests} from "../../../vaults/chainValidators.js";
import type {ValidatorsManager} from "../../../vaults/validatorsManager.js";
import {whyNotCluster} from "../../../vaults/vaultRules.js";
import type {OperationEnv} from "../../env/vaultEnv.js";
import {claimVault} from "../claimVault.js";
import {openAccounts, transactionLimits} from "../openAccounts.js";
import {openVaultReader, type VaultReader, type VaultReaderOptions} from "../vault/openVaultReader.js";

type Options = Omit<VaultReaderOptions, "config" | "allowFullExits"> &
  Pick<OperationParts, "tell" | "tellRegistration" | "confirm"> & {
    readonly config: Readonly<Static<typeof OperationEnv>>;
    /** Of another process's claim; undefined: nothing is sent, and the vault not claimed. */
    readonly waitMs: number | undefined;
    readonly patienceMs: number;
  };

/** A vault, and what withdraws from its validators and consolidates them. */
export type OpenOperation = Omit<VaultReader, "vaultChain"> &
  OperationParts & {
    readonly chain: ManagerChain;
    readonly manager: ValidatorsManager;
    readonly requests: ChainRequests;
    /** Why the files or the rules do not allow a key, in lower-case hex with 0x. */
    readonly whyNotKey: (publicKey: string) => string | undefined;
  };

/** Opens a vault to act for its manager, and claims it, so that no registration is disturbed. */
export async function openOperation(options: Options): Promise<OpenOperation> {
  const {config, env, vault, logger, shutdown, waitFor, tell, tellRegistration, confirm, patienceMs} = options;
  const reader = await openVaultReader({...options, allowFullExits: config.ALLOW_FULL_EXITS === "true"});
  const {network, rules, files, oracles, execution, approvalsOf} = reader;
  const beacon = connectBeacon(config.CONSENSUS_ENDPOINT as string, {network, signal: shutdown.signal, logger});
  await waitFor("the beacon node", beacon.checkAll);
  const {wallet, manager} = await openAccounts({...reader, config, env, chain: createValidatorFinder(beacon)});
  const {journal} = await claimVault({...options, files, wallet: wallet.address});
  return {
    ...reader,
    wallet,
    manager,
    requests: createRequestReader(beacon, network),
    journal,
    tell,
    tellRegistration,
    confirm,
    chain: createManagerChain(execution, vault),
    approvals: () => approvalsOf(oracles.protocolConfig()),
    whyNotKey(publicKey) {
      const cluster = files.clusters.byPublicKey(publicKey)?.cluster;
      if (!cluster?.operatorIds.includes(config.OPERATOR_ID)) return "no cluster of this operator has it";
      return whyNotCluster(rules, cluster.id);
    },
    settings: {
      ...transactionLimits(network, config),
      maxRequestFee: BigInt(config.MAX_REQUEST_FEE) * 1_000_000_000n,
      patienceMs,
    },
  };
}
