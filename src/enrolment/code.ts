import {createHash} from "node:crypto";
import {toShortText} from "../runtime/shortText.js";

/**
 * What a node shows that asks with this nkey on this invitation, and what the administrator types to take it: XXXX-XXXX-XXXX. Whoever asks
 * with another nkey has another code.
 */
export const codeOf = (invitationId: string, nkey: string): string =>
  toShortText(createHash("sha256").update(`dvt.v2.enrolment_code\n${invitationId}\n${nkey}`).digest());
