import {jwtVerify} from "jose/jwt/verify";
import {ofBasic, ofToken, readAuthorization, type Token} from "../../web/tokens.js";
import type {Caller} from "./caller.js";

export type JwtSecret = {readonly operatorId: string; readonly key: Uint8Array};

/** The tokens and secrets that callers are identified by. */
export type Credentials = {readonly tokens: readonly Token<Caller>[]; readonly jwtSecrets: readonly JwtSecret[]};

const clockDifferenceSeconds = 60;

/** The sender of this Authorization header, or undefined. A JWT counts in a POST only. */
export async function identify(
  {tokens, jwtSecrets}: Credentials,
  authorization: string | undefined,
  method: string,
): Promise<Caller | undefined> {
  const {scheme, value} = readAuthorization(authorization);
  if (scheme === "basic") return ofBasic(tokens, value, userOf);
  if (scheme !== "bearer") return undefined;
  return ofToken(tokens, value) ?? (method === "POST" ? ofJwt(jwtSecrets, value) : undefined);
}

/** A sidecar's endpoint is http://<share index>:<token>@host, and the index must be the token's. */
const userOf = (caller: Caller): string | undefined => (caller.as === "sidecar" ? String(caller.shareIndex) : undefined);

async function ofJwt(secrets: readonly JwtSecret[], token: string): Promise<Caller | undefined> {
  for (const {operatorId, key} of secrets) {
    if (await isSignedNow(token, key)) return {as: "operator", operatorId};
  }
  return undefined;
}

/** `iat` must be within a minute of now. All other claims are ignored. */
async function isSignedNow(token: string, key: Uint8Array): Promise<boolean> {
  try {
    const {payload} = await jwtVerify(token, key, {algorithms: ["HS256"], requiredClaims: ["iat"]});
    return Math.abs(Date.now() / 1000 - (payload.iat as number)) <= clockDifferenceSeconds;
  } catch {
    return false;
  }
}
