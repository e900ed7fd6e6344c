import type {Network} from "../consensus/networks.js";
import {connectExecution} from "../execution/connectExecution.js";
import {depositContractOf} from "../execution/depositContract.js";
import {createVaultContracts} from "../execution/vaultContracts.js";
import {createVaultSigner} from "../execution/vaultSignature.js";
import type {Logger} from "../runtime/logger.js";
import type {ChainValidators} from "./chainValidators.js";
import {createValidatorsManager} from "./createValidatorsManager.js";
import type {ValidatorsManager} from "./validatorsManager.js";
import type {VaultRules} from "./vaultRules.js";

/** So that another endpoint can be asked before an operator, who waits for 10 s, has gone. */
const patience = {timeoutMs: 4000, laterMs: 250};

type Opening = {
  /** 32 bytes of secp256k1. */
  readonly privateKey: Uint8Array;
  /** By vault, in lower-case hex with 0x. */
  readonly rules: ReadonlyMap<string, VaultRules>;
  readonly chain: ChainValidators | undefined;
  /** As EXECUTION_ENDPOINT has them. */
  readonly endpoints: string;
  readonly network: Network;
  /** Address of the deposit contract, where it is not the network's own. */
  readonly depositContract?: string;
  readonly logger: Logger;
  /** What is being asked ends with it. */
  readonly signal: AbortSignal;
};

/** EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH. */
export async function openValidatorsManager({
  privateKey,
  rules,
  chain,
  endpoints,
  network,
  depositContract,
  logger,
  signal,
}: Opening): Promise<ValidatorsManager> {
  const execution = await connectExecution(endpoints, {chain: network, signal, logger, ...patience});
  return createValidatorsManager({
    signer: createVaultSigner(privateKey, network.chainId),
    contracts: createVaultContracts(execution, depositContractOf(network.name, depositContract)),
    ...{rules, chain},
  });
}
