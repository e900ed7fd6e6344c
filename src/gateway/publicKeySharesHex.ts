import type {Validator} from "../clusters/cluster.js";
import {toHex} from "../runtime/hex.js";

type Shares = Validator["publicKeyShares"];

const written = new WeakMap<Shares, ReadonlyMap<number, string>>();

/** By share index, 48 bytes in lower-case hex with 0x; written once: a sidecar that polls has thousands of them compared. */
export function publicKeySharesHex({publicKeyShares}: Pick<Validator, "publicKeyShares">): ReadonlyMap<number, string> {
  const known = written.get(publicKeyShares);
  if (known) return known;
  const hex = new Map([...publicKeyShares].map(([index, share]) => [index, toHex(share.toBytes())]));
  written.set(publicKeyShares, hex);
  return hex;
}
