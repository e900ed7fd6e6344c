import {existsSync} from "node:fs";
import {join} from "node:path";
import {readText} from "../../runtime/files.js";
import {isLoopback} from "../../runtime/isLoopback.js";
import {projectRoot} from "../../runtime/projectRoot.js";

/**
 * The compose files that node operators start from, by the folder in docker/ whose compose-dvt.yml adds the sidecar to them: where each
 * has the key shares, its main file, its network, and whether our file names its beacon node.
 */
export const stacks = {
  cdvn: {keys: ".charon/validator_keys", main: "docker-compose.yml", network: "dvnode", hasBeacon: true},
  "ssv-stack": {keys: "ssv-node-data/private_key", main: "docker-compose.yaml", network: "local-docker", hasBeacon: false},
} as const;

/** A node's stack of compose files on this machine. */
export type Stack = {
  readonly folder: string;
  /** Our file that adds the sidecar. */
  readonly addition: string;
  /** Whether that names the stack's beacon node, in the stead of CONSENSUS_ENDPOINT in the settings. */
  readonly hasBeacon: boolean;
  /** The files that compose takes if COMPOSE_FILE is not set. */
  readonly usual: readonly string[];
  /** Whether its .env includes our file already. */
  readonly isIncluded: boolean;
};

/** The stack that has these key shares; undefined if they are in none that we know. */
export async function findStack(keys: string | undefined): Promise<Stack | undefined> {
  for (const [name, stack] of Object.entries(stacks)) {
    if (!keys?.endsWith(`/${stack.keys}`)) continue;
    const folder = keys.slice(0, -stack.keys.length - 1);
    const text = (path: string): Promise<string> => readText(join(folder, path), "the stack's file").catch(() => "");
    if (!new RegExp(`^ +${stack.network}:`, "m").test(await text(stack.main))) continue;
    const addition = join(projectRoot, "docker", name, "compose-dvt.yml");
    const overrides = ["docker-compose.override.yml", "docker-compose.override.yaml"];
    return {
      folder,
      addition,
      hasBeacon: stack.hasBeacon,
      usual: [stack.main, ...overrides.filter((it) => existsSync(join(folder, it))).slice(0, 1)],
      isIncluded: (await text(".env")).includes(addition),
    };
  }
  return undefined;
}

/** Whether the sidecar in this stack would look for the beacon node in its own container: this endpoint is the machine's loopback. */
export const asksItself = ({hasBeacon}: Stack, endpoints = ""): boolean =>
  !hasBeacon && endpoints.split(",").some((url) => isLoopback(hostOf(url.trim())));

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "");
