import {PointFormat} from "@chainsafe/bls/types";
import blst from "@chainsafe/blst";
import {aSecretKey} from "./keys.js";

type Parser = {fromBytes(bytes: Uint8Array, validate: boolean): unknown};

const reads = (parser: Parser, bytes: Uint8Array, validate: boolean): boolean => {
  try {
    parser.fromBytes(bytes, validate);
    return true;
  } catch {
    return false;
  }
};

/** Compressed bytes with a small x: of the first one that `wanted` holds for. */
function findPoint(length: number, wanted: (bytes: Uint8Array) => boolean): Uint8Array {
  for (let x = 1; x < 256; x++) {
    const bytes = new Uint8Array(length);
    bytes[0] = 0x80;
    bytes[length - 1] = x;
    if (wanted(bytes)) return bytes;
  }
  throw new Error("no such point below 256");
}

type Point = {toBytes(format?: PointFormat): Uint8Array};

function badPoints(parser: Parser, valid: Point): {id: string; bytes: Uint8Array}[] {
  const compressed = valid.toBytes();
  const {length} = compressed;
  return [
    {id: "no bytes", bytes: new Uint8Array()},
    {id: "a byte too few", bytes: compressed.subarray(0, -1)},
    {id: "a byte too many", bytes: Uint8Array.of(...compressed, 0)},
    {id: "a valid point, but uncompressed", bytes: valid.toBytes(PointFormat.uncompressed)},
    {id: "zeros", bytes: new Uint8Array(length)},
    {id: "an x beyond the field", bytes: new Uint8Array(length).fill(0xff).fill(0x9f, 0, 1)},
    {id: "an x that is not on the curve", bytes: findPoint(length, (bytes) => !reads(parser, bytes, false))},
    {
      id: "a point of the curve outside the subgroup",
      bytes: findPoint(length, (bytes) => reads(parser, bytes, false) && !reads(parser, bytes, true)),
    },
    {id: "infinity", bytes: new Uint8Array(length).fill(0xc0, 0, 1)},
  ];
}

/** None of them is a public key. */
export const badPublicKeys = badPoints(blst.PublicKey, aSecretKey().toPublicKey());

/** None of them is a signature. */
export const badSignatures = badPoints(blst.Signature, aSecretKey().sign(new Uint8Array(32)));
