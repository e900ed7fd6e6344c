import type {Authenticator} from "nats";
import {DvtError} from "../errors.js";
import type {Identity} from "./identity.js";

/**
 * Logs in with whatever nonce is asked for next. One that is refused is answered unsigned, for the client would close itself for good
 * if this threw: `refusal` tells of the last login, and whoever let us in all the same is to be left.
 */
export function createLogin(identity: Identity): {authenticator: Authenticator; refusal: () => DvtError | undefined} {
  let refused: DvtError | undefined;
  return {
    authenticator(nonce) {
      refused = undefined;
      try {
        return identity.logIn(nonce);
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        refused = error;
        return {nkey: identity.nkey, sig: ""};
      }
    },
    refusal: () => refused,
  };
}
