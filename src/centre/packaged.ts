import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {readText} from "../runtime/files.js";
import {projectRoot} from "../runtime/projectRoot.js";
import {fillPlaces, fillSettings, type Settings} from "./fillIn.js";

/** Files of the installation, with the centre's folder in the stead of /etc/dvt. */
export type Packaged = {
  text(path: string): Promise<string>;
  settings(path: string, settings: Settings): Promise<string>;
  /** The paths of all files below a folder of it, relative to that folder. */
  list(path: string): Promise<string[]>;
};

/** Opens the installation that this process runs from. */
export function openPackaged(folder: string): Packaged {
  const places = {folder, installation: projectRoot, node: process.execPath};
  const text = async (path: string): Promise<string> =>
    fillPlaces(await readText(join(projectRoot, path), "a file of the installation"), places);
  return {
    text,
    settings: async (path, settings) => fillSettings(await text(path), settings),
    list: async (path) => {
      const below = await readdir(join(projectRoot, path), {withFileTypes: true, recursive: true});
      const names = below.filter((it) => it.isFile()).map((it) => join(it.parentPath, it.name));
      return names.map((name) => name.slice(join(projectRoot, path).length + 1)).sort();
    },
  };
}
