import {PointFormat} from "@chainsafe/bls/types";
import blst from "@chainsafe/blst";
import {curveOrder} from "../../../src/bls/scalar.js";
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

/** r·h/13², where h is the cofactor of the signatures' curve (https://eprint.iacr.org/2019/403, table 1): no point has order 169. */
const allButThirteen =
  (curveOrder *
    0x5d543a95414e7f1091d50792876a202cd91de4547085abaa68a205b2e5a7ddfa628f1cb4d9e82ef21537e293a6691ae1616ec6e786f0c70cf1c38e31c7238e5n) /
  169n;

/**
 * A point of order 13. A verifier that forgets the subgroup multiplies it by 13 every thirteenth time, and it is gone: so it is
 * not refused always, where others are.
 */
function ofSmallOrder(): Uint8Array {
  for (let x = 1; x < 256; x++) {
    const bytes = new Uint8Array(96).fill(0x80, 0, 1).fill(x, 95);
    if (!reads(blst.Signature, bytes, false)) continue;
    const point = blst.Signature.fromBytes(bytes, false);
    const cleared = [...allButThirteen.toString(2)].slice(1).reduce((sum, bit) => {
      const twice = blst.aggregateSignatures([sum, sum], false);
      return bit === "1" ? blst.aggregateSignatures([twice, point], false) : twice;
    }, point);
    if (!Buffer.from(cleared.toBytes()).equals(infinity)) return cleared.toBytes();
  }
  throw new Error("no such point below 256");
}

const infinity = new Uint8Array(96).fill(0xc0, 0, 1);

/** None of them is a public key. */
export const badPublicKeys = badPoints(blst.PublicKey, aSecretKey().toPublicKey());

/** None of them is a signature. */
export const badSignatures = [
  ...badPoints(blst.Signature, aSecretKey().sign(new Uint8Array(32))),
  {id: "a point of order 13", bytes: ofSmallOrder()},
];
