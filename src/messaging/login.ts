import type {Authenticator} from "nats";
import {DvtError} from "../errors.js";
import type {Identity} from "./identity.js";

/**
 * Signs the server's nonces. For one that is invalid it sends no signature and `loginError` has the error: if the authenticator threw,
 * the client would close for good. A connection whose server accepted that login must be closed.
 */
export function createLogin(identity: Identity): {authenticator: Authenticator; loginError: () => DvtError | undefined} {
  let lastError: DvtError | undefined;
  return {
    authenticator(nonce) {
      lastError = undefined;
      try {
        return identity.logIn(nonce);
      } catch (error) {
        if (!(error instanceof DvtError)) throw error;
        lastError = error;
        return {nkey: identity.nkey, sig: ""};
      }
    },
    loginError: () => lastError,
  };
}
