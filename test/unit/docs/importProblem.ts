import {isBuiltin} from "node:module";
import {everyRoom, type House} from "./house.js";
import type {Imported} from "./importsIn.js";

const table = "the table in test/unit/docs/house.ts";

/** The room that a file belongs to, by its path from the root. What is built from a file counts as that file. */
export const roomOf = (path: string): string => {
  const [first = "", second = ""] = path.replace(/^dist\//, "").split("/");
  return first === "src" ? second.replace(/\.[cm]?[jt]s$/, "") : first;
};

/** Why this house does not allow the file the import, and what to do instead; `undefined` when it does. */
export function importProblem(house: House, path: string, imported: Imported): string | undefined {
  const room = roomOf(path);
  if (floorOf(house, room) < 0) return `${path}: ${room} is not a room of the house: put it on a floor of ${table}`;
  if (imported === undefined) return `${path} imports what only a running process knows: name the module in a plain string`;
  if (isBuiltin(imported)) return undefined;
  return /^(src|schemas|scripts|dist|test)\/|^\.\.?(\/|$)/.test(imported)
    ? roomProblem(house, path, imported)
    : libraryProblem(house, path, imported);
}

const floorOf = ({floors}: House, room: string): number => floors.findIndex((rooms) => rooms.includes(room));

function roomProblem(house: House, path: string, imported: string): string | undefined {
  const [from, to] = [roomOf(path), roomOf(imported)];
  if (from === to) return undefined;
  const problem = `${path} imports ${imported}`;
  const [above, below] = [floorOf(house, from), floorOf(house, to)];
  if (below < 0) return `${problem}: ${to} is not a room of the house: put it on a floor of ${table}`;
  if (below < above) return `${problem}, from a floor above its own: pass it in, or move what both need to a floor below ${from}`;
  if (below === above) return `${problem}, from a room of its own floor: pass it in, or move what both need to a floor below`;
  const importers = house.doors[to];
  if (!importers || importers.includes(from)) return undefined;
  return `${problem}, which only ${importers.join(", ")} may import: pass it in, or give ${from} a door in ${table}`;
}

function libraryProblem({libraries}: House, path: string, imported: string): string | undefined {
  const library = /^(?:@[^/]+\/)?[^/]+/.exec(imported)?.[0] ?? imported;
  const rooms = Object.entries(libraries).flatMap(([room, names]) => (names.includes(library) ? [room] : []));
  if (rooms.some((room) => room === everyRoom || path.startsWith(`src/${room}/`))) return undefined;
  return rooms.length === 0
    ? `${path} imports ${library}, which is in no room: use what the house has, or give the library one room in ${table}`
    : `${path} imports ${library}, which only ${rooms.join(", ")} may import: use what ${rooms[0]} exports`;
}
