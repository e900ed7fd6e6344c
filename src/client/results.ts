import type {CompletedExit} from "./outcome.js";

/** The results file: what StakeWise's operator posts to the oracles, in the order it was asked for. */
export const toResultsFile = (network: string, completed: readonly CompletedExit[]): string =>
  `${JSON.stringify(
    {
      network,
      validators: completed.map(({exit, oraclesConfigHash, result}) => ({
        public_key: exit.publicKey,
        validator_index: exit.validatorIndex,
        oracles_config_hash: oraclesConfigHash,
        oracles_exit_signature_shares: result,
      })),
    },
    undefined,
    2,
  )}\n`;
