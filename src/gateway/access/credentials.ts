import {createHash, timingSafeEqual} from "node:crypto";
import {jwtVerify} from "jose/jwt/verify";
import type {Caller} from "./caller.js";

export type Token = {
  /** 32 bytes: SHA-256 of the token's text. */
  readonly sha256: Uint8Array;
  readonly caller: Caller;
};

export type JwtSecret = {readonly operatorId: string; readonly key: Uint8Array};

/** The tokens and secrets that callers are identified by. */
export type Credentials = {readonly tokens: readonly Token[]; readonly jwtSecrets: readonly JwtSecret[]};

const clockDifferenceSeconds = 60;

/** The sender of this Authorization header, or undefined. A JWT counts in a POST only. */
export async function identify(
  {tokens, jwtSecrets}: Credentials,
  authorization: string | undefined,
  method: string,
): Promise<Caller | undefined> {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return ofBasic(tokens, value);
  if (scheme.toLowerCase() !== "bearer") return undefined;
  return ofToken(tokens, value) ?? (method === "POST" ? ofJwt(jwtSecrets, value) : undefined);
}

/** Compares all of them, even after a match, so that the time reveals nothing. */
function ofToken(tokens: readonly Token[], text: string): Caller | undefined {
  const sha256 = createHash("sha256").update(text).digest();
  return tokens.filter((token) => timingSafeEqual(token.sha256, sha256))[0]?.caller;
}

/** A sidecar's endpoint is http://<share index>:<token>@host, and the index must be the token's. */
function ofBasic(tokens: readonly Token[], value: string): Caller | undefined {
  const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  const caller = ofToken(tokens, password);
  return caller?.as === "sidecar" && String(caller.shareIndex) === user ? caller : undefined;
}

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
