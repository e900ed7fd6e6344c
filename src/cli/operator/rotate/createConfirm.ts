import type {RotationParts} from "../../../rotation/rotationParts.js";
import {terminal} from "../../terminal.js";
import {agrees} from "../actOnTerminal.js";
import {validatorLines} from "./rotationText.js";

type Options = {readonly yes: boolean; readonly vault: string; readonly payer: () => string};

/** Asks once on the terminal whether to go on, and again only for other validators or other oracles. */
export function createConfirm({yes, vault, payer}: Options): RotationParts["confirm"] {
  const agreed = new Set<string>();
  return async (plan) => {
    const {oracles, oracleSet} = plan.config;
    const keys = plan.validators.map(({publicKey}) => `${oracleSet.configHash} ${publicKey}`);
    if (yes || keys.every((key) => agreed.has(key))) return true;
    terminal.err(`Exits of vault ${vault}; wallet ${payer()} pays for the gas:\n`);
    for (const line of validatorLines(plan)) terminal.err(line);
    if (!(await agrees(`Renew them for the ${oracles.length} oracles in force?`))) return false;
    for (const key of keys) agreed.add(key);
    return true;
  };
}
