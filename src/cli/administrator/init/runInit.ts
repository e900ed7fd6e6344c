import {makeCentre} from "../../../centre/makeCentre.js";
import {startMaking} from "../../../centre/making.js";
import {parseEnv} from "../../../runtime/env.js";
import {userPath} from "../../../runtime/userPath.js";
import {InitEnv} from "../../env/administratorEnv.js";
import {terminal} from "../../terminal.js";
import {askForCentre} from "./askForCentre.js";
import {checkFolder, type InitOptions} from "./initOptions.js";
import {initText} from "./initText.js";
import {readKnownCentre} from "./knownCentre.js";
import {toCentre} from "./toCentre.js";

/** Runs `dvt init`. */
export async function runInit(options: InitOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const endpoints = parseEnv(InitEnv, env);
  const folder = checkFolder(userPath(options.folder, env));
  const known = await readKnownCentre(folder);
  const centre = await toCentre(await askForCentre(options, known), {folder, known, endpoints, env});
  const making = startMaking(folder);
  const {participants, isChanged} = await makeCentre(making, centre);
  terminal.out(initText({folder, centre, known, participants, isChanged, made: making.made, isRoot: process.getuid?.() === 0}));
}
