import {InvalidArgumentError} from "commander";
import {defineCommand} from "../defineCommand.js";
import {RegisterEnv} from "../env/vaultEnv.js";
import type {OperatorRegisterOptions} from "../operator/register/runOperatorRegister.js";
import {dryRun, integer, noVerify, validatorType, vaultAddress, yes} from "../options.js";

/** "32,64.5": in ETH, to gwei. */
const amounts = (text: string): number[] =>
  text.split(",").map((part) => {
    const [, whole = "", fraction = ""] = /^\s*([0-9]{1,7})(?:\.([0-9]{1,9}))?\s*$/.exec(part) ?? [];
    if (whole === "") throw new InvalidArgumentError("Expected amounts of ETH (mGNO on Gnosis), such as 32,64.5.");
    return Number(whole) * 1_000_000_000 + Number(fraction.padEnd(9, "0"));
  });

export const operatorRegister = defineCommand<OperatorRegisterOptions>({
  name: "operator register",
  describe: "Registers a vault's next validators on the chain: exits, deposits, the oracles' approval, the transaction.",
  exitStatus: "0 registered, 2 nothing can be registered, 75 not now: run it again",
  options: {
    vault: vaultAddress,
    validators: {
      flags: "--validators <n>",
      describe: "register at most so many (default: as many as the vault's assets suffice for)",
      parse: integer(1),
    },
    amounts: {
      flags: "--amounts <list>",
      describe: "what is staked on each, in ETH (mGNO on Gnosis), separated by commas (default: by the vault's assets)",
      parse: amounts,
    },
    type: validatorType,
    watch: {flags: "--watch", describe: "stay, and register whenever the vault's assets suffice"},
    dryRun,
    yes,
    timeout: {flags: "--timeout <seconds>", describe: "how long to wait for exits", parse: integer(1), default: 600},
    verify: noVerify,
  },
  env: RegisterEnv,
  examples: [
    "--vault 0x00000000000000000000000000000000000000aa --validators 2",
    "--vault 0x00000000000000000000000000000000000000aa --watch --yes",
  ],
  run: async (options, env) => (await import("../operator/register/runOperatorRegister.js")).runOperatorRegister(options, env),
});
