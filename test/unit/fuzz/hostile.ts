import fc from "fast-check";
import {expect} from "vitest";
import {DvtError, dispositions} from "../../../src/errors.js";

/** The same inputs every time: a failure is a failure for everybody. */
export const runs = (numRuns: number) => ({seed: 20_260_101, numRuns});

/** JSON texts that have broken parsers, and what code does with what they make. */
const hostileValues = [
  "null",
  "true",
  "-1",
  "-0",
  "0.5",
  "1e400",
  "-1e400",
  "1e-400",
  "9007199254740993",
  "0x10",
  "NaN",
  '""',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\\u001b[2J"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  `"${"a".repeat(100_000)}"`,
  `"0x${"ab".repeat(50_000)}"`,
  "{}",
  "[]",
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"length":1e9}',
  '{"toJSON":1,"toString":1,"valueOf":1}',
  '{"$gt":""}',
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  `[${"1,".repeat(50_000)}1]`,
  `{${Array.from({length: 5_000}, (_, i) => `"k${i}":${i}`).join()}}`,
];
const hostileKeys = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "", "a.b", "$where", "\\ud800"];

/** One value that stands in a JSON text: where it starts and ends. Braces within are left alone. */
const scalars = (text: string): {at: number; end: number}[] =>
  [...text.matchAll(/(?<=[:[,])("[^"]*"|-?[0-9.]+|true|false|null)/g)].map((match) => ({
    at: match.index,
    end: match.index + match[0].length,
  }));

const replaced = (text: string): fc.Arbitrary<string> =>
  fc.tuple(fc.constantFrom(...scalars(text)), fc.constantFrom(...hostileValues)).map(([{at, end}, value]) => {
    return text.slice(0, at) + value + text.slice(end);
  });

const withKey = (text: string): fc.Arbitrary<string> => {
  const braces = [...text.matchAll(/\{(?=")/g)].map(({index}) => index + 1);
  const own = [...text.matchAll(/"([^"]*)":/g)].map(([, key = ""]) => key);
  return fc
    .tuple(fc.constantFrom(...braces), fc.constantFrom(...hostileKeys, ...own), fc.constantFrom(...hostileValues))
    .map(([at, key, value]) => `${text.slice(0, at)}"${key}":${value},${text.slice(at)}`);
};

/** A part taken out, said twice, or changed in one byte. */
const damaged = (text: string): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.nat(text.length - 1), fc.nat(64), fc.constantFrom("cut", "repeat", "flip"), fc.integer({min: 1, max: 255}))
    .map(([at, length, how, mask]) => {
      const bytes = Buffer.from(text);
      const part = bytes.subarray(at, at + length);
      if (how === "cut") return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      if (how === "repeat") return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
      bytes[at] = (bytes[at] as number) ^ mask;
      return bytes;
    });

/** Still of the right shape, but another key, number or name. */
const twisted = (text: string): fc.Arbitrary<string> => {
  const digits = [...text.matchAll(/(?<=[:[,]"?[^":[,]*)[0-9a-f]/g)].map(({index}) => index);
  return fc
    .tuple(fc.constantFrom(...digits), fc.constantFrom(..."0123456789abcdef"))
    .map(([at, digit]) => text.slice(0, at) + digit + text.slice(at + 1));
};

const toBytes = (text: string): Uint8Array => Buffer.from(text);

const noise: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({maxLength: 2048}),
  fc.json({maxDepth: 6}).map(toBytes),
  // fc.string({unit: "binary"}) first makes a table of all code points, which takes a second.
  fc.array(fc.nat(0x10ffff), {maxLength: 512}).map((points) => toBytes(String.fromCodePoint(...points))),
  fc.constantFrom(...hostileValues).map(toBytes),
);

/** Bytes of any kind, JSON of any kind, and what is nearly `valid`. */
export function hostileBytes(valid: unknown): fc.Arbitrary<Uint8Array> {
  const text = JSON.stringify(valid);
  const twice = replaced(text).chain((once) => (once.length < 10_000 ? replaced(once) : fc.constant(once)));
  return fc.oneof(
    noise,
    {arbitrary: replaced(text).map(toBytes), weight: 4},
    {arbitrary: twice.map(toBytes), weight: 2},
    {arbitrary: withKey(text).map(toBytes), weight: 3},
    {arbitrary: twisted(text).map(toBytes), weight: 4},
    {arbitrary: damaged(text), weight: 3},
  );
}

/** The same for a file that is no JSON. */
export const hostileText = (valid: string): fc.Arbitrary<Uint8Array> => fc.oneof(noise, damaged(valid));

/** It reads the input or refuses it with a code of ours, and leaves nothing behind. Returns the code. */
export async function readsOrRefuses(read: () => unknown): Promise<string> {
  const code = await outcomeOf(read);
  expect(({} as {polluted?: unknown}).polluted).toBeUndefined();
  return code;
}

async function outcomeOf(read: () => unknown): Promise<string> {
  try {
    await read();
    return "READ";
  } catch (error) {
    if (!(error instanceof DvtError)) throw error;
    expect(Object.keys(dispositions)).toContain(error.code);
    // It goes into logs and onto terminals.
    expect(error.message.length).toBeLessThan(200_000);
    return error.code;
  }
}
