import {Type} from "typebox";
import {commonEnv} from "./sharedEnv.js";

/** What everyone reads who asks the relayer what is open. */
export const StatusEnv = Type.Object({...commonEnv});
