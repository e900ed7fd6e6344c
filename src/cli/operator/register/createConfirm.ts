import type {WantedValidator} from "../../../registration/readyExits.js";
import type {KeyAmount} from "../../../vaults/validatorsManager.js";
import {terminal} from "../../terminal.js";
import {agrees} from "../actOnTerminal.js";
import {stakeText} from "../stakeText.js";

type Options = {readonly yes: boolean; readonly vault: string; readonly unit: string; readonly payer: () => string};

/** Asks once on the terminal whether to go on, and again only for other keys or more stake. */
export function createConfirm({yes, vault, unit, payer}: Options): (ready: readonly WantedValidator[]) => Promise<boolean> {
  const agreed = new Map<string, number>();
  return async (validators) => {
    const isNew = validators.some(({publicKey, deposit}) => (agreed.get(publicKey) ?? 0) < deposit.amount);
    if (yes || !isNew) return true;
    const total = validators.reduce((sum, {deposit}) => sum + deposit.amount, 0);
    terminal.err(`Vault ${vault} is about to stake ${stakeText(total, unit)}; wallet ${payer()} pays for the gas:\n`);
    for (const {publicKey, deposit} of validators) terminal.err(`  ${publicKey} ${stakeText(deposit.amount, unit)}\n`);
    if (!(await agrees("Register them?"))) return false;
    for (const {publicKey, deposit} of validators) agreed.set(publicKey, deposit.amount);
    return true;
  };
}

/** Asks on the terminal before each top-up. */
export const createConfirmTopUps =
  ({yes, vault, unit, payer}: Options): ((topUps: readonly KeyAmount[]) => Promise<boolean>) =>
  async (topUps) => {
    if (yes) return true;
    const total = topUps.reduce((sum, {amount}) => sum + amount, 0);
    terminal.err(`Vault ${vault} is about to top up with ${stakeText(total, unit)}; wallet ${payer()} pays for the gas:\n`);
    for (const {publicKey, amount} of topUps) terminal.err(`  ${publicKey} ${stakeText(amount, unit)}\n`);
    return agrees("Top them up?");
  };
