import {toWithdrawalCredentials} from "../../../consensus/deposit.js";
import type {Harvest} from "../../../execution/vaultChain.js";
import type {PlannedRegistration} from "../../../registration/plannedRegistration.js";
import type {PlannedTopUps} from "../../../registration/plannedTopUps.js";
import type {RegistrationParts} from "../../../registration/registrationParts.js";
import type {WithAccount} from "../../../registration/withAccount.js";
import {fromHex, toHex} from "../../../runtime/hex.js";
import {gasLine, oracleLines, printed, signerLine, walletLine} from "../planLines.js";
import {stakeText} from "../stakeText.js";

/** Everything that would be asked for, signed and sent, without any of it. */
export async function planText(
  {vaultChain, wallet, manager, oracles, settings}: RegistrationParts,
  {view, harvest, account, startIndex, validators}: WithAccount<PlannedRegistration>,
  unit: string,
): Promise<string> {
  const config = oracles.protocolConfig();
  const credentials = toHex(toWithdrawalCredentials(settings.validatorType, fromHex(vaultChain.vault)));
  const lines = [
    `vault ${vaultChain.vault}, version ${view.version}, at block ${view.block.number}`,
    `deposit root ${view.depositRoot}`,
    rewardsLine(harvest),
    `withdrawal credentials ${credentials}`,
    "exits and deposits to ask for on the bus, keys with index and stake:",
    ...validators.map(
      ({publicKey, deposit}, position) => `  ${publicKey} ${startIndex + position} ${stakeText(deposit.amount, unit)}`,
    ),
    signerLine({account, key: manager.address, what: "the root and these validators"}),
    ...oracleLines(config, view.validatorsMinOracles),
    `transaction to the vault: multicall of ${harvest ? "updateState and " : ""}registerValidators`,
    ...(await walletLines({wallet, settings}, unit)),
  ];
  return printed(lines);
}

/** Everything that would be signed and sent before a registration, without any of it. */
export async function topUpText(
  {vaultChain, wallet, manager, settings}: RegistrationParts,
  {view, harvest, account, topUps}: WithAccount<PlannedTopUps>,
  unit: string,
): Promise<string> {
  const lines = [
    `vault ${vaultChain.vault}, version ${view.version}, at block ${view.block.number}`,
    rewardsLine(harvest),
    "validators to top up before others are registered:",
    ...topUps.map(({publicKey, amount}) => `  ${publicKey} ${stakeText(amount, unit)}`),
    signerLine({account, key: manager.address, what: "its nonce and these validators"}),
    `transaction to the vault, for up to ten: multicall of ${harvest ? "updateState and " : ""}fundValidators`,
    ...(await walletLines({wallet, settings}, unit)),
  ];
  return printed(lines);
}

const rewardsLine = (harvest: Harvest | undefined): string =>
  `rewards ${harvest ? `of root ${harvest.rewardsRoot} are taken in the same transaction` : "are taken already"}`;

async function walletLines({wallet, settings}: Pick<RegistrationParts, "wallet" | "settings">, unit: string): Promise<string[]> {
  const [{balance, nonce}, fees] = await Promise.all([wallet.read(), wallet.readFees()]);
  return [
    walletLine({address: wallet.address, balance, nonce}, unit),
    gasLine(fees, settings.maxFeePerGas),
    "nothing was asked for, signed or sent",
  ];
}
