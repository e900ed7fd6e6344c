import {Type} from "typebox";

/** Hex of a share that is posted. It is read one by one, so that one that is no hex is a bad share and not a bad request. */
export const HexText = Type.String({maxLength: 256});
