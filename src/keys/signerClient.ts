import {Type} from "typebox";
import {Check} from "typebox/schema";
import {DvtError} from "../errors.js";
import {fromHex} from "../runtime/hex.js";
import {createTransport, type SignerResponse, type TransportOptions, unavailable} from "./signerTransport.js";

/** A remote signer with the API of Web3Signer: https://eips.ethereum.org/EIPS/eip-3030. */
export type Signer = {
  /** SIGNER_UNAVAILABLE unless it reports that it is healthy. */
  check(): Promise<void>;
  /** The public keys that it can sign with, in lower-case hex. */
  publicKeys(): Promise<ReadonlySet<string>>;
  /**
   * Returns 96 bytes; SIGNER_UNAVAILABLE for now, SIGNER_KEY_UNKNOWN without the key, SIGNER_REFUSED if it does not sign this.
   */
  sign(publicKey: string, request: object): Promise<Uint8Array>;
};

const PublicKeys = Type.Array(Type.String());
const Signature = Type.Object({signature: Type.String()});

/** Creates the client of a remote signer. */
export function createSigner(options: TransportOptions): Signer {
  const ask = createTransport(options);
  return {
    async check() {
      const answer = await ask("upcheck");
      // A signer without this path may be healthy.
      if (answer.status !== 200 && answer.status !== 404) throw unexpected(answer);
    },
    async publicKeys() {
      const answer = await ask("api/v1/eth2/publicKeys");
      const keys = answer.status === 200 ? parseJson(answer.text) : undefined;
      if (!Check(PublicKeys, keys)) throw unexpected(answer);
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

/** Whether the status refuses the request itself, such as 412 from slashing protection; 401, 403 and 429 are about the caller. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500 && ![401, 403, 407, 408, 429].includes(status);

/** The signature in JSON, or as plain text, as older signers always send it. */
function signatureIn(text: string): Uint8Array | undefined {
  const body = parseJson(text);
  const hex = Check(Signature, body) ? body.signature : text.trim();
  return /^(0x)?[0-9a-fA-F]{192}$/.test(hex) ? fromHex(hex) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unexpected = ({status}: SignerResponse): DvtError =>
  unavailable(status === 200 ? "its answer is not that of a remote signer" : `it answers ${status}`);
