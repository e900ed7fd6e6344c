import type {Static} from "typebox";
import {connectBeacon} from "../../../beacon/connectBeacon.js";
import {createStakeReader} from "../../../beacon/stakeReader.js";
import {readDepositData} from "../../../client/depositData.js";
import {createManagerChain} from "../../../execution/managerChain.js";
import {parseEndpoints} from "../../../http/endpoints.js";
import type {PlanParts} from "../../../registration/plan.js";
import {userPath} from "../../../runtime/userPath.js";
import {fetchHarvest} from "../../../vaults/fetchHarvest.js";
import type {VaultEnv} from "../../env/vaultEnv.js";
import {openRegistry} from "../../opening/openRegistry.js";
import {findCandidates} from "./findCandidates.js";
import {openVaultReader, type VaultReader, type VaultReaderOptions} from "./openVaultReader.js";

/** What planning a registration needs. */
export type VaultOptions = Omit<VaultReaderOptions, "config" | "operation" | "allowFullExits"> & {
  readonly config: Readonly<Static<typeof VaultEnv>>;
  readonly chosen: Pick<PlanParts["settings"], "validatorType" | "amounts" | "most">;
};

/** A vault, and what says which validators may be registered for it. */
export type OpenVault = VaultReader & PlanParts;

/** Opens a vault to plan registrations; VAULT_RULES_INVALID unless the rules name registering for it, and what its sources throw. */
export async function openVault(options: VaultOptions): Promise<OpenVault> {
  const {config, env, vault, chosen, shutdown} = options;
  const {signal} = shutdown;
  const reader = await openVaultReader({...options, operation: "register", allowFullExits: false});
  const {network, rules, files} = reader;
  const registry = await openRegistry({...options, firstRead: "waits"});
  const {DEPOSIT_DATA_FILE: file} = config;
  const listedKeys = file === undefined ? undefined : await readDepositData(userPath(file, env), network);
  const gateways = parseEndpoints("IPFS_FETCH_ENDPOINTS", config.IPFS_FETCH_ENDPOINTS);
  return {
    ...reader,
    registry,
    fetchHarvest: (rewards) => fetchHarvest(vault, rewards, {gateways, signal}),
    candidates: () => findCandidates(files.clusters.all, {operatorId: config.OPERATOR_ID, rules, listedKeys}),
    topUpSource: openTopUps(options, reader),
    refused: new Map(),
    signed: new Map(),
    settings: {...chosen, keptGwei: Number(config.VAULT_MIN_BALANCE)},
  };
}

function openTopUps({config, vault, logger, shutdown}: VaultOptions, reader: VaultReader): PlanParts["topUpSource"] {
  const {network, rules, files, execution} = reader;
  if (!rules.operations.has("fund")) return {whyNot: "the vault's rules do not name fund"};
  const {CONSENSUS_ENDPOINT: endpoints, OPERATOR_ID: operatorId} = config;
  if (endpoints === undefined)
    return {whyNot: "CONSENSUS_ENDPOINT is not set, and only a beacon node knows what validators have"};
  return {
    ownKeys: () => findCandidates(files.clusters.all, {operatorId, rules}),
    stakes: createStakeReader(connectBeacon(endpoints, {network, signal: shutdown.signal, logger})),
    chain: createManagerChain(execution, vault),
  };
}
