import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ListBasicType,
  ListCompositeType,
  UintBigintType,
  VectorCompositeType,
} from "@chainsafe/ssz";
import {Root} from "./signingRoot.js";

/**
 * SSZ roots (32 bytes each) of values whose type is only known at run time:
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/ssz/simple-serialize.md#merkleization
 */
const uint64 = new UintBigintType(8);
const boolean = new BooleanType();
const byteVector = remember((length) => new ByteVectorType(length));
const byteList = remember((limit) => new ByteListType(limit));
const uint64List = remember((limit) => new ListBasicType(uint64, limit));
const container = remember((fields) => new VectorCompositeType(Root, fields));
const list = remember((limit) => new ListCompositeType(Root, limit));

/** Types are cached, because creating one costs more than hashing with it. */
function remember<T>(make: (size: number) => T): (size: number) => T {
  const made = new Map<number, T>();
  return (size) => {
    const known = made.get(size) ?? make(size);
    made.set(size, known);
    return known;
  };
}

/** The root of at least one byte. */
export const byteVectorRoot = (bytes: Uint8Array): Uint8Array => byteVector(bytes.length).hashTreeRoot(bytes);
export const byteListRoot = (bytes: Uint8Array, limit: number): Uint8Array => byteList(limit).hashTreeRoot(bytes);
/** The root of a value modulo 2^64. */
export const uint64Root = (value: bigint): Uint8Array => uint64.hashTreeRoot(BigInt.asUintN(64, value));
export const booleanRoot = (value: boolean): Uint8Array => boolean.hashTreeRoot(value);
export const uint64ListRoot = (values: readonly bigint[], limit: number): Uint8Array =>
  uint64List(limit).hashTreeRoot(values.map((value) => BigInt.asUintN(64, value)));

/** The root of a container whose fields have these roots; zero without fields. */
export const containerRoot = (fields: readonly Uint8Array[]): Uint8Array =>
  fields.length === 0 ? new Uint8Array(32) : container(fields.length).hashTreeRoot([...fields]);

/** The root of a list of at most `limit` elements that have these roots. */
export const listRoot = (elements: readonly Uint8Array[], limit: number): Uint8Array => list(limit).hashTreeRoot([...elements]);
