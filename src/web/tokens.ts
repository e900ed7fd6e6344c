import {createHash, timingSafeEqual} from "node:crypto";
import type {Request} from "./app.js";

export type Token<Caller> = {
  /** 32 bytes: SHA-256 of the token's text. */
  readonly sha256: Uint8Array;
  readonly caller: Caller;
};

/** The scheme of an Authorization header, in lower case, and what follows it. */
export function readAuthorization(authorization = ""): {scheme: string; value: string} {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  return {scheme: scheme.toLowerCase(), value};
}

/** Compares all of them, even after a match, so that the time reveals nothing. */
export function ofToken<Caller>(tokens: readonly Token<Caller>[], text: string): Caller | undefined {
  const sha256 = createHash("sha256").update(text).digest();
  return tokens.filter((token) => timingSafeEqual(token.sha256, sha256))[0]?.caller;
}

/** The caller whose token is the password of this Basic login, if the user is the caller's own. */
export function ofBasic<Caller>(
  tokens: readonly Token<Caller>[],
  value: string,
  userOf: (caller: Caller) => string | undefined,
): Caller | undefined {
  const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  const caller = ofToken(tokens, password);
  return caller && userOf(caller) === user ? caller : undefined;
}

/** Finds the name whose token a request has, as a bearer's or as the password that goes with the name. */
export const identifyByToken =
  (tokens: readonly Token<string>[]) =>
  async ({headers: {authorization}}: Request): Promise<string | undefined> => {
    const {scheme, value} = readAuthorization(authorization);
    if (scheme === "basic") return ofBasic(tokens, value, (name) => name);
    return scheme === "bearer" ? ofToken(tokens, value) : undefined;
  };
