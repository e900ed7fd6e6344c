import {createHash} from "node:crypto";
import {headers, type MsgHdrs} from "nats";
import {DvtError} from "../errors.js";
import {type Identity, isSignedByAside} from "./identity.js";

/** The header of a message that holds its signature. */
export const signatureHeader = "Dvt-Signature";

/** The bytes that a sender signs. The subject is among them, so no message can be replayed on another. */
const contentOf = (subject: string, data: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${subject}\n`), createHash("sha256").update(data).digest()]);

/** The headers of a message, with the sender's signature: Ed25519 by its nkey, in base64. */
export function signMessage(identity: Identity, subject: string, data: Uint8Array): MsgHdrs {
  const signed = headers();
  signed.set(signatureHeader, Buffer.from(identity.sign("message", contentOf(subject, data))).toString("base64"));
  return signed;
}

/** [TERMINATE] SIGNATURE_INVALID unless one of the publishers signed the message. Runs before anything is parsed. */
export async function verifyMessage(
  publishers: readonly string[],
  subject: string,
  data: Uint8Array,
  header: MsgHdrs | undefined,
): Promise<void> {
  const signature = Buffer.from(header?.get(signatureHeader) ?? "", "base64");
  if (signature.length !== 64) throw new DvtError("SIGNATURE_INVALID", "verify the sender: the message is not signed");
  const content = contentOf(subject, data);
  for (const nkey of publishers) if (await isSignedByAside(nkey, "message", content, signature)) return;
  throw new DvtError("SIGNATURE_INVALID", "verify the sender: it is not signed by anybody who may publish on this subject");
}
