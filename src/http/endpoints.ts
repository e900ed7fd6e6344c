import {DvtError} from "../errors.js";
import {basicLoginOf} from "./basicLogin.js";

/** An http or https URL with a login that can be read, or none; undefined for anything else. */
export function parseEndpoint(text: string): URL | undefined {
  try {
    const url = new URL(text);
    basicLoginOf(url);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

/** The URLs that the variable has, separated by commas. CONFIG_INVALID names the position of one that is none, not its text. */
export function parseEndpoints(variable: string, text: string): URL[] {
  return text.split(",").map((part, position) => {
    const url = parseEndpoint(part.trim());
    if (url) return url;
    throw new DvtError("CONFIG_INVALID", `${variable}: number ${position + 1} is not an http or https URL`);
  });
}

/** The path below that of the endpoint, with the endpoint's login and query. */
export function urlBelow(endpoint: URL, path: string): URL {
  const url = new URL(endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url;
}
