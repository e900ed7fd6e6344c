import {join} from "node:path";
import {dvtWith, indented} from "../commandText.js";
import {writeEnvFile} from "../envFile.js";
import type {Demo} from "../prepareDemo.js";
import {coinText, type PlayedOutside, stakeOf} from "./playOutside.js";

type Operator = {readonly operatorEnv: Readonly<Record<string, string>>; readonly consoleUrl: string | undefined};

/** Writes the operator's settings into the demo's folder, and returns commands for the user to paste while the demo is up. */
export async function writeRegisterHowTo(
  {folder}: Demo,
  {anvil, stakeWise, network, vault}: PlayedOutside,
  {operatorEnv, consoleUrl}: Operator,
): Promise<string> {
  const envFile = join(folder, "operator.env");
  await writeEnvFile(envFile, operatorEnv);
  const [from] = await anvil.rpc<[string]>("eth_accounts");
  const {to, data, value = 0n} = stakeWise.toFunding(stakeOf(network));
  const transaction = {from, to, data, value: `0x${value.toString(16)}`};
  const request = JSON.stringify({jsonrpc: "2.0", id: 1, method: "eth_sendTransaction", params: [transaction]});
  const run = (command: string) => indented([dvtWith(envFile, `operator ${command} --vault ${vault}`)]);
  const parts = [
    `Everything stays up until Ctrl+C. The generated files, deleted at the end, are in ${folder}.`,
    ...(consoleUrl === undefined ? [] : [`What happens, live, read-only:\n\n${indented([consoleUrl])}`]),
    `The vault, and what would be registered next:\n\n${run("vault")}`,
    `To give the vault ${coinText(network, 1)} more, for another validator:\n\n${indented([`curl -sH 'content-type: application/json' -d '${request}' ${anvil.url}`])}`,
    `To register it; it asks before anything is signed:\n\n${run("register")}`,
    `Whether exits are outdated:\n\n${run("rotate --dry-run")}`,
  ];
  return `\n${parts.join("\n\n")}\n`;
}
