import {Type} from "typebox";
import {problemOf} from "../apiDocument/openApi.js";

/** How an operation is told that the manager does not sign; `refused` where it is about keys. */
export const vaultRefused = {
  ...problemOf("VAULT_REFUSED", "Nothing is signed", {
    refused: Type.Optional(Type.Array(Type.Object({public_key: Type.String(), reason: Type.String()}))),
  }),
  ...problemOf("NOT_CONFIGURED", "The gateway has no validators manager's key"),
};
