import {Type} from "typebox";
import type {ErrorCode} from "../../errors.js";
import {problemOf} from "../apiDocument/openApi.js";

/** Hex of a posted share. It is read later, share by share, so that one that is no hex is a bad share and not a bad request. */
export const HexText = Type.String({maxLength: 256});

/** What a sidecar posts for one validator. */
export type PostedShare = {
  readonly publicKey: string;
  /** Signatures, in hex. */
  readonly exit: string;
  readonly deposit?: string | undefined;
  /** All nodes' public key shares, as the sidecar knows them. Compared, never used: false ones can be made to fit the key. */
  readonly publicKeyShares?: readonly {readonly share_index: number; readonly public_key_share: string}[] | undefined;
};

/** Why a share is not taken. `signature`: which of the two, unless it is the whole share. */
export type BadShare = {readonly public_key: string; readonly signature?: "exit" | "deposit"; readonly code: ErrorCode};

/** How bad shares are answered. */
export const sharesRefused = problemOf("SHARES_REFUSED", "Some are bad; the others are taken", {
  shares: Type.Array(
    Type.Object({
      public_key: Type.String(),
      signature: Type.Optional(Type.Enum(["exit", "deposit"], {description: "which of the two; the whole share where neither"})),
      code: Type.String(),
    }),
  ),
});
