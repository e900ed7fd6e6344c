import {X509Certificate} from "node:crypto";
import {createSecureContext} from "node:tls";

/** PEM: the authority that signed the server's certificate, and the client's own certificate with its key. */
export type Tls = {readonly ca?: string | undefined; readonly cert?: string | undefined; readonly key?: string | undefined};

/** The code of what makes it unusable; undefined where it can be used. OpenSSL's own words are dropped: they may quote a key. */
export function tlsProblem(tls: Tls): string | undefined {
  try {
    // A context accepts an authority that is no certificate.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(tls);
    return undefined;
  } catch (error) {
    const {code = "unknown"} = error as {code?: string};
    return code;
  }
}
