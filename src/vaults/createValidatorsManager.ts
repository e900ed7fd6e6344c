import type {VaultContracts} from "../execution/vaultContracts.js";
import type {VaultSigner} from "../execution/vaultSignature.js";
import type {ChainValidators} from "./chainValidators.js";
import type {Consolidation, KeyAmount, ValidatorsManager} from "./validatorsManager.js";
import {type VaultOperation, type VaultRules, whyForeign, whyNotAmount, whyNotTogether} from "./vaultRules.js";
import {encodeConsolidations, encodeFundings, encodeRegistrations, encodeWithdrawals} from "./vaultValidators.js";

type Parts = {
  readonly signer: VaultSigner;
  readonly contracts: VaultContracts;
  /** By vault, in lower-case hex with 0x. */
  readonly rules: ReadonlyMap<string, VaultRules>;
  /** Where the rules name what is signed for validators that are registered. */
  readonly chain: ChainValidators | undefined;
};

export function createValidatorsManager({signer, contracts, rules, chain}: Parts): ValidatorsManager {
  /** Whoever asks has asked the rules before; the key is worth asking them again. */
  const assertAllowed = (operation: VaultOperation, vault: string, asked: readonly (KeyAmount | Consolidation)[]): void => {
    const why = whyNot(rules.get(vault), operation, asked);
    if (why !== undefined) throw new Error(`sign ${operation} for ${vault}: ${why}`);
  };
  const signWithNonce = async (vault: string, validators: Uint8Array): Promise<string> =>
    signer.sign({vault, validatorsRegistryRoot: await contracts.managerNonce(vault), validators});

  return {
    address: signer.address,
    rulesOf: (vault) => rules.get(vault),
    async findForeign(vault, publicKeys) {
      if (!chain) throw new Error(`find validators of ${vault}: nobody is asked for the chain's word`);
      const credentials = new Map((await chain.findValidators(publicKeys)).map((it) => [it.publicKey, it.withdrawalCredentials]));
      const foreign = publicKeys.map((key): [string, string | undefined] => [key, whyForeign(vault, credentials.get(key))]);
      return new Map(foreign.filter((it): it is [string, string] => it[1] !== undefined));
    },
    async signRegistration(vault, validatorType, registrations) {
      assertAllowed("register", vault, registrations);
      const validators = encodeRegistrations(vault, validatorType, registrations);
      return signer.sign({vault, validatorsRegistryRoot: await contracts.depositRoot(), validators});
    },
    async signFunding(vault, fundings) {
      assertAllowed("fund", vault, fundings);
      return signWithNonce(vault, encodeFundings(vault, fundings));
    },
    async signWithdrawal(vault, withdrawals) {
      assertAllowed("withdraw", vault, withdrawals);
      return signWithNonce(vault, encodeWithdrawals(withdrawals));
    },
    async signConsolidation(vault, consolidations) {
      assertAllowed("consolidate", vault, consolidations);
      return signWithNonce(vault, encodeConsolidations(consolidations));
    },
  };
}

function whyNot(
  rules: VaultRules | undefined,
  operation: VaultOperation,
  asked: readonly (KeyAmount | Consolidation)[],
): string | undefined {
  if (!rules?.operations.has(operation)) return "the rules do not name that";
  const ofAmounts = asked.map((one) => ("amount" in one ? whyNotAmount(rules, operation, one.amount) : undefined));
  return ofAmounts.find((why) => why !== undefined) ?? whyNotTogether(rules, operation, asked.length);
}
