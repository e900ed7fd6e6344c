import type {CommandList} from "../defineCommand.js";
import {toBash} from "./toBash.js";
import {toFish} from "./toFish.js";
import {toPlaces} from "./toPlaces.js";
import {toZsh} from "./toZsh.js";

const scripts = {bash: toBash, zsh: toZsh, fish: toFish} as const;

/** A shell whose words can be completed. */
export type Shell = keyof typeof scripts;

/** The completion script of a shell, made from the list of commands. */
export const completionScript = (shell: Shell, list: CommandList): string => scripts[shell](toPlaces(list));
