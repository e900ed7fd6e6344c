import {Type} from "typebox";
import {problemOf} from "./apiDocument/openApi.js";

/** How takeShares tells of bad shares. */
export const sharesRefused = problemOf("SHARES_REFUSED", "Some are bad; the others are taken", {
  shares: Type.Array(
    Type.Object({
      public_key: Type.String(),
      signature: Type.Optional(Type.Enum(["exit", "deposit"], {description: "which of the two; the whole share where neither"})),
      code: Type.String(),
    }),
  ),
});
