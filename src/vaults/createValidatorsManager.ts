import type {VaultContracts} from "../execution/vaultContracts.js";
import type {VaultMessage, VaultSigner} from "../execution/vaultSignature.js";
import type {ChainValidators} from "./chainValidators.js";
import {findManagerAccount} from "./findManagerAccount.js";
import type {AtNonce, Consolidation, KeyAmount, ManagerAccount, ValidatorsManager} from "./validatorsManager.js";
import {type VaultOperation, type VaultRules, whyForeign, whyNotAmount, whyNotTogether} from "./vaultRules.js";
import {encodeConsolidations, encodeFundings, encodeRegistrations, encodeWithdrawals} from "./vaultValidators.js";

type Dependencies = {
  readonly signer: VaultSigner;
  readonly contracts: VaultContracts;
  /** By vault, in lower-case hex with 0x. */
  readonly rules: ReadonlyMap<string, VaultRules>;
  /** Needed if the rules allow operations on registered validators. */
  readonly chain: ChainValidators | undefined;
};

/** Creates a validators manager from its parts. */
export function createValidatorsManager({signer, contracts, rules, chain}: Dependencies): ValidatorsManager {
  /** The caller has checked the rules already; the key is worth a second check. */
  const assertAllowed = (operation: VaultOperation, vault: string, asked: readonly (KeyAmount | Consolidation)[]): void => {
    const why = whyNot(rules.get(vault), operation, asked);
    if (why !== undefined) throw new Error(`sign ${operation} for ${vault}: ${why}`);
  };
  const findAccount = async (vault: string, named?: string): Promise<ManagerAccount> =>
    findManagerAccount({signer, contracts}, vault, named ?? (await contracts.validatorsManager(vault)));
  const sign = async (message: VaultMessage, account?: ManagerAccount): Promise<string> => {
    const {kind, address} = account ?? (await findAccount(message.vault));
    return signer.sign(message, kind === "safe" ? address : undefined);
  };
  const signWithNonce = async (vault: string, validators: Uint8Array, at?: AtNonce): Promise<string> =>
    sign({vault, validatorsRegistryRoot: at?.nonce ?? (await contracts.managerNonce(vault)), validators}, at?.account);

  return {
    address: signer.address,
    vaults: [...rules.keys()],
    findAccount,
    rulesOf: (vault) => rules.get(vault),
    async findForeign(vault, publicKeys) {
      if (!chain) throw new Error(`find validators of ${vault}: no beacon node is configured`);
      const credentials = new Map((await chain.findValidators(publicKeys)).map((it) => [it.publicKey, it.withdrawalCredentials]));
      const foreign = publicKeys.map((key): [string, string | undefined] => [key, whyForeign(vault, credentials.get(key))]);
      return new Map(foreign.filter((it): it is [string, string] => it[1] !== undefined));
    },
    readDepositRoot: () => contracts.depositRoot(),
    async signRegistration(vault, validatorType, registrations, {depositRoot, account}) {
      assertAllowed("register", vault, registrations);
      const validators = encodeRegistrations(vault, validatorType, registrations);
      return sign({vault, validatorsRegistryRoot: depositRoot, validators}, account);
    },
    readNonce: (vault, depth) => contracts.managerNonce(vault, depth),
    async signFunding(vault, fundings, at) {
      assertAllowed("fund", vault, fundings);
      return signWithNonce(vault, encodeFundings(vault, fundings), at);
    },
    async signWithdrawal(vault, withdrawals, at) {
      assertAllowed("withdraw", vault, withdrawals);
      return signWithNonce(vault, encodeWithdrawals(withdrawals), at);
    },
    async signConsolidation(vault, consolidations, at) {
      assertAllowed("consolidate", vault, consolidations);
      return signWithNonce(vault, encodeConsolidations(consolidations), at);
    },
  };
}

function whyNot(
  rules: VaultRules | undefined,
  operation: VaultOperation,
  asked: readonly (KeyAmount | Consolidation)[],
): string | undefined {
  if (!rules?.operations.has(operation)) return "the rules do not name the operation";
  const ofAmounts = asked.map((one) => ("amount" in one ? whyNotAmount(rules, operation, one.amount) : undefined));
  return ofAmounts.find((why) => why !== undefined) ?? whyNotTogether(rules, operation, asked.length);
}
