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

/** Short enough to try another endpoint before an operator gives up after 10 s. */
const patience = {timeoutMs: 4000, laterMs: 250};

type Options = {
  /** 32 bytes of secp256k1. */
  readonly privateKey: Uint8Array;
  /** By vault, in lower-case hex with 0x. */
  readonly rules: ReadonlyMap<string, VaultRules>;
  readonly chain: ChainValidators | undefined;
  /** In the format of EXECUTION_ENDPOINT. */
  readonly endpoints: string;
  readonly network: Network;
  /** Address of the deposit contract, if not the network's own. */
  readonly depositContract?: string;
  readonly logger: Logger;
  /** Aborts requests. */
  readonly signal: AbortSignal;
};

/** Opens the validators manager; EXECUTION_UNAVAILABLE, EXECUTION_CHAIN_MISMATCH. */
export async function openValidatorsManager({
  privateKey,
  rules,
  chain,
  endpoints,
  network,
  depositContract,
  logger,
  signal,
}: Options): Promise<ValidatorsManager> {
  const execution = await connectExecution(endpoints, {chain: network, signal, logger, ...patience});
  return createValidatorsManager({
    signer: createVaultSigner(privateKey, network.chainId),
    contracts: createVaultContracts(execution, depositContractOf(network.name, depositContract)),
    rules,
    chain,
  });
}
