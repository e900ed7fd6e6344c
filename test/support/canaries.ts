import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";

/** Bytes that must not be found anywhere, and what they are. */
export type Canary = {readonly id: string; readonly bytes: Uint8Array};

/** A place that was looked through. */
export type Place = {readonly id: string; readonly content: Buffer};

const windowLength = 20;

/** A part of it is a leak too: its start, middle and end. */
const windowsOf = (bytes: Uint8Array): Buffer[] =>
  [0, Math.floor((bytes.length - windowLength) / 2), bytes.length - windowLength].map((at) =>
    Buffer.from(bytes.subarray(at, at + windowLength)),
  );

/** Base64 says the same bytes in three ways, by where they start in what was encoded; without the ends, which neighbours change. */
const base64Of = (window: Buffer): string[] =>
  [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), window])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift === 0 ? 0 : 4, -4),
  );

type Needles = {raw: Buffer[]; hex: string[]};

function needlesOf({bytes}: Canary): Needles {
  const windows = windowsOf(bytes);
  const text = windows.flatMap(base64Of);
  const base64 = [...text, ...text.map((it) => it.replaceAll("+", "-").replaceAll("/", "_"))];
  // JSON of a Uint8Array or a Buffer, as a careless logger would write it.
  const numbers = windows.map((window) => [...window].join(","));
  return {
    raw: [...windows, ...[...base64, ...numbers].map((it) => Buffer.from(it))],
    hex: windows.map((window) => window.toString("hex")),
  };
}

/** Where any of them was found: raw, in hex of any case, in base64, or as a list of numbers. */
export function findCanaries(canaries: readonly Canary[], places: readonly Place[]): string[] {
  const needles = canaries.map((canary) => ({id: canary.id, ...needlesOf(canary)}));
  return places.flatMap(({id: place, content}) => {
    const lower = Buffer.from(content.toString("latin1").toLowerCase(), "latin1");
    return needles
      .filter(({raw, hex}) => raw.some((it) => content.includes(it)) || hex.some((it) => lower.includes(it)))
      .map(({id}) => `${id} in ${place}`);
  });
}

/** Every file below the folder, as it is on the disk now. */
export async function filesBelow(folder: string): Promise<Place[]> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // A server renames its files while we look.
  const read = await Promise.all(files.map(async (id) => ({id, content: await readFile(id).catch(() => Buffer.alloc(0))})));
  return read.filter(({content}) => content.length > 0);
}
