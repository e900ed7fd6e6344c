import type {CompletedExit} from "./outcome.js";

/** The results file: what StakeWise's operator posts to the oracles, in the order it was asked for. */
export const toResultsFile = (network: string, completed: readonly CompletedExit[]): string =>
  `${JSON.stringify(
    {
      network,
      validators: completed.map(({exit, oraclesConfigHash, result, deposit}) => ({
        public_key: exit.publicKey,
        validator_index: exit.validatorIndex,
        oracles_config_hash: oraclesConfigHash,
        oracles_exit_signature_shares: result,
        ...(deposit && toDepositFields(deposit)),
      })),
    },
    undefined,
    2,
  )}\n`;

/** `amount` and `deposit_signature` are what StakeWise's operator has of a deposit. */
const toDepositFields = ({vault, validator_type, amount, signature}: NonNullable<CompletedExit["deposit"]>) => ({
  vault,
  validator_type,
  amount,
  deposit_signature: signature,
});
