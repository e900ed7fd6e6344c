import {createCipheriv, createHash, pbkdf2, randomBytes} from "node:crypto";
import {promisify} from "node:util";

/** The `crypto` of https://eips.ethereum.org/EIPS/eip-2335 with pbkdf2, which is cheaper than scrypt. */
export async function encryptSecret(secret: Uint8Array, password: string, rounds = 262_144): Promise<object> {
  const salt = randomBytes(32);
  const iv = randomBytes(16);
  const key = await promisify(pbkdf2)(password, salt, rounds, 32, "sha256");
  const cipher = createCipheriv("aes-128-ctr", key.subarray(0, 16), iv);
  const message = Buffer.concat([cipher.update(secret), cipher.final()]);
  const checksum = createHash("sha256").update(key.subarray(16)).update(message).digest("hex");
  const salted = {dklen: 32, c: rounds, prf: "hmac-sha256", salt: salt.toString("hex")};
  return {
    kdf: {function: "pbkdf2", params: salted, message: ""},
    checksum: {function: "sha256", params: {}, message: checksum},
    cipher: {function: "aes-128-ctr", params: {iv: iv.toString("hex")}, message: message.toString("hex")},
  };
}
