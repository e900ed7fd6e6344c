import {type PublicKey, readOwnPublicKey, writeOwn} from "../bls/curve.js";
import type {PublicKeyShares, Validator} from "./cluster.js";

/** Uncompressed: 48 bytes would need a square root each time. */
const pointBytes = 96;

/** Keeps a validator whose points were verified as bytes: the parsed points of thousands are most of a role's memory. */
export function packValidator({publicKey, publicKeyShares, ...others}: Validator): Validator {
  const bytes = new Uint8Array(pointBytes * (1 + publicKeyShares.size));
  for (const [position, point] of [publicKey, ...publicKeyShares.values()].entries()) {
    bytes.set(writeOwn(point), position * pointBytes);
  }
  return new PackedValidator(others, new PackedShares([...publicKeyShares.keys()], bytes));
}

/** A class, because an object literal would hold its getters once for each validator. */
class PackedValidator implements Validator {
  readonly publicKeyHex: string;
  readonly publicKeyShares: PackedShares;
  declare readonly encryptedKeyShares?: ReadonlyMap<number, Uint8Array>;
  declare readonly withdrawalAddress?: string;

  constructor(
    {publicKeyHex, encryptedKeyShares, withdrawalAddress}: Omit<Validator, "publicKey" | "publicKeyShares">,
    publicKeyShares: PackedShares,
  ) {
    this.publicKeyHex = publicKeyHex;
    this.publicKeyShares = publicKeyShares;
    if (encryptedKeyShares) this.encryptedKeyShares = encryptedKeyShares;
    if (withdrawalAddress !== undefined) this.withdrawalAddress = withdrawalAddress;
  }

  get publicKey(): PublicKey {
    return this.publicKeyShares.at(0);
  }
}

class PackedShares implements PublicKeyShares {
  private readonly indexes: readonly number[];
  private readonly bytes: Uint8Array;

  constructor(indexes: readonly number[], bytes: Uint8Array) {
    this.indexes = indexes;
    this.bytes = bytes;
  }

  get size(): number {
    return this.indexes.length;
  }

  /** The validator's key at 0, then its shares in their order. */
  at(position: number): PublicKey {
    return readOwnPublicKey(this.bytes.subarray(position * pointBytes, (position + 1) * pointBytes));
  }

  has(shareIndex: number): boolean {
    return this.indexes.includes(shareIndex);
  }

  get(shareIndex: number): PublicKey | undefined {
    const position = this.indexes.indexOf(shareIndex);
    return position < 0 ? undefined : this.at(1 + position);
  }

  keys(): IterableIterator<number> {
    return this.indexes.values();
  }

  *values(): IterableIterator<PublicKey> {
    for (const [, share] of this) yield share;
  }

  *[Symbol.iterator](): IterableIterator<[number, PublicKey]> {
    for (const [position, shareIndex] of this.indexes.entries()) yield [shareIndex, this.at(1 + position)];
  }
}
