import {isIP} from "node:net";
import {DvtError} from "../errors.js";

/** Reads this variable: addresses, or networks such as 10.0.0.0/8, separated by commas. CONFIG_INVALID otherwise. */
export function parseTrustedProxies(variable: string, text = ""): string[] {
  const parts = text.split(",").map((part) => part.trim());
  const named = parts.filter((part) => part !== "");
  const wrong = named.find((part) => !isNetwork(part));
  if (wrong !== undefined) {
    throw new DvtError("CONFIG_INVALID", `read ${variable}: ${wrong} is neither an address nor a network such as 10.0.0.0/8`);
  }
  return named;
}

function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(bits ?? 0) <= (version === 4 ? 32 : 128);
}
