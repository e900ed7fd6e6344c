import type {Static} from "typebox";
import {networks} from "../../consensus/networks.js";
import type {Execution} from "../../execution/connectExecution.js";
import {lowBalance} from "../../registration/plan.js";
import {stakeUnitOf} from "../../vaults/stakeUnit.js";
import type {VaultDoctorEnv} from "../env/vaultEnv.js";
import {coinsText} from "../operator/coinsText.js";
import {openWallet, transactionLimits} from "../operator/openAccounts.js";
import {feesText, feeText} from "../operator/transactionText.js";
import {type Check, createPart, Fault, type Part, partCheck, toCheck} from "./check.js";
import type {Context} from "./context.js";

type Config = Static<typeof VaultDoctorEnv>;
type Wallet = Awaited<ReturnType<typeof openWallet>>;

/** The wallet that pays for transactions; undefined if the settings have none. */
export function walletPart({config, env}: Context<Config>, execution: Part<Execution>): Part<Wallet> | undefined {
  const {WALLET_KEY_FILE: file, WALLET_PASSWORD_FILE: password} = config;
  if (file === undefined || password === undefined) return undefined;
  const files = {...config, WALLET_KEY_FILE: file, WALLET_PASSWORD_FILE: password};
  // Its address is known while no node answers.
  const lazily: Execution = {run: async (ask) => (await execution.need()).run(ask)};
  return createPart("WALLET_KEY_FILE", () =>
    openWallet({config: files, env, network: networks[config.NETWORK], execution: lazily}),
  );
}

/** Whether the wallet opens, and can pay. */
export function walletChecks(part: Part<Wallet>, {config}: Context<Config>): Check[] {
  const network = networks[config.NETWORK];
  const unit = stakeUnitOf(network.name);
  return [
    partCheck(part, ({address}) => `its password opens it: ${address}`),
    toCheck("balance of the wallet", async () => {
      const wallet = await part.need();
      const {balance, nonce} = await wallet.read();
      const has = `${wallet.address} has ${coinsText(balance, unit)}`;
      if (balance >= lowBalance[network.name]) return `${has}, next nonce ${nonce}`;
      throw new Fault(`${has}, less than ${coinsText(lowBalance[network.name], unit)}`, "Send it some more.");
    }),
    toCheck("gas", async () => {
      const {maxFeePerGas} = await (await part.need()).readFees();
      const limit = transactionLimits(network, config).maxFeePerGas;
      if (maxFeePerGas < limit)
        return `costs ${feeText(maxFeePerGas)} with room for two blocks, below MAX_FEE_PER_GAS, ${feeText(limit)}`;
      throw new Fault(
        feesText({maxFeePerGas, limit}).replace(/^gas /, ""),
        "Nothing is sent until gas is cheaper. If that takes too long, raise MAX_FEE_PER_GAS.",
      );
    }),
  ];
}
