import {createCipheriv, pbkdf2Sync, randomBytes, scryptSync} from "node:crypto";
import {keccak256} from "viem";

const salt = randomBytes(32);
export const scrypt = {n: 2, r: 8, p: 1, dklen: 32, salt: salt.toString("hex")};
export const pbkdf2 = {c: 2, dklen: 32, prf: "hmac-sha256", salt: salt.toString("hex")};

/** As geth makes one, at a cost that a test can bear. */
export function ethereumKeystore(key: Uint8Array, password: string, kdf: "scrypt" | "pbkdf2" = "scrypt") {
  const derived =
    kdf === "scrypt"
      ? scryptSync(password, salt, 32, {N: scrypt.n, r: scrypt.r, p: scrypt.p})
      : pbkdf2Sync(password, salt, pbkdf2.c, 32, "sha256");
  const iv = randomBytes(16);
  const ciphertext = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv).update(key);
  const mac = keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])).slice(2);
  return {
    version: 3,
    id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: {iv: iv.toString("hex")},
      ciphertext: ciphertext.toString("hex"),
      mac,
      kdf,
      kdfparams: kdf === "scrypt" ? scrypt : pbkdf2,
    },
  };
}
