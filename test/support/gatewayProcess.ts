import {copyFile, mkdir} from "node:fs/promises";
import {join} from "node:path";
import {onTestFinished} from "vitest";
import type {Child} from "../../src/demo/childProcess.js";
import {startRole} from "../../src/demo/dvtProcess.js";
import {temporaryFolder} from "./servers.js";
import type {System} from "./system.js";

/** A folder with the seeds of these participants, as GATEWAY_SEEDS_DIR names it. */
export async function seedsOf(system: System, ...participants: string[]): Promise<string> {
  const folder = join(await temporaryFolder(), "seeds");
  await mkdir(folder);
  for (const it of participants) await copyFile(system.seedFile(it), join(folder, `${it}.nkey`));
  return folder;
}

/** `dvt gateway` on any port, asking for indexes from 1000 on, and where it answers. */
export async function startGatewayProcess(system: System, env: Record<string, string>): Promise<Child & {url: string}> {
  const settings = {...system.env, GATEWAY_PORT: "0", NEXT_VALIDATOR_INDEX: "1000", ...env};
  const child = await startRole("gateway", settings, {onStop: onTestFinished});
  const [, port] = await child.line(/"port":(\d+).*"listening"/);
  return {...child, url: `http://127.0.0.1:${port}`};
}
