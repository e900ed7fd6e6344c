import {type Static, Type} from "typebox";
import {commonEnv, roleEnv} from "./sharedEnv.js";

/** The settings of the role whose trust it is. */
export const TrustEnv = Type.Object({
  ...commonEnv,
  TRUST_FILE: roleEnv.TRUST_FILE,
});

/** Roles may do without; here it is what the command is about. */
export const trustRules = ({TRUST_FILE}: Partial<Static<typeof TrustEnv>>): string[] =>
  TRUST_FILE === undefined ? ["TRUST_FILE is not set: give the command the settings of the role"] : [];
