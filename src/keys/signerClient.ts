import {Type} from "typebox";
import {Value} from "typebox/value";
import {DvtError} from "../errors.js";
import {fromHex} from "../runtime/hex.js";
import {type Answer, createTransport, type TransportOptions, unavailable} from "./signerTransport.js";

/** A remote signer that speaks https://eips.ethereum.org/EIPS/eip-3030 as Web3Signer does. */
export type Signer = {
  /** SIGNER_UNAVAILABLE when it does not say that it is well. */
  check(): Promise<void>;
  /** Of the keys that it has, in lower-case hex. */
  publicKeys(): Promise<ReadonlySet<string>>;
  /**
   * 96 bytes. SIGNER_UNAVAILABLE: not now. SIGNER_KEY_UNKNOWN: it has no such key. SIGNER_REFUSED: it does not sign this.
   */
  sign(publicKey: string, request: object): Promise<Uint8Array>;
};

const PublicKeys = Type.Array(Type.String());
const Signature = Type.Object({signature: Type.String()});

export function createSigner(options: TransportOptions): Signer {
  const ask = createTransport(options);
  return {
    async check() {
      const answer = await ask("upcheck");
      // A signer without this path may be well.
      if (answer.status !== 200 && answer.status !== 404) throw unexpected(answer);
    },
    async publicKeys() {
      const answer = await ask("api/v1/eth2/publicKeys");
      const keys = answer.status === 200 ? parseJson(answer.text) : undefined;
      if (!Value.Check(PublicKeys, keys)) throw unexpected(answer);
      return new Set(keys.map((key) => `0x${key.replace(/^0x/i, "").toLowerCase()}`));
    },
    async sign(publicKey, request) {
      const answer = await ask(`api/v1/eth2/sign/${publicKey}`, request);
      const signature = answer.status === 200 ? signatureIn(answer.text) : undefined;
      if (signature) return signature;
      if (answer.status === 404)
        throw new DvtError("SIGNER_KEY_UNKNOWN", `sign with ${publicKey}: the remote signer has no such key`);
      if (isRefusal(answer.status)) {
        throw new DvtError("SIGNER_REFUSED", `sign with ${publicKey}: the remote signer answers ${answer.status}`);
      }
      throw unexpected(answer);
    },
  };
}

/** What is wrong with the request itself: 400, and 412 where its slashing protection forbids it. 401, 403 and 429 are about us. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);

/** JSON, or the signature as text, which older ones answer whatever they are asked for. */
function signatureIn(text: string): Uint8Array | undefined {
  const body = parseJson(text);
  const hex = Value.Check(Signature, body) ? body.signature : text.trim();
  return /^(0x)?[0-9a-fA-F]{192}$/.test(hex) ? fromHex(hex) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unexpected = ({status}: Answer): DvtError =>
  unavailable(status === 200 ? "its answer is not a remote signer's" : `it answers ${status}`);
