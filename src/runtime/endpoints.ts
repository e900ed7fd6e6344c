import {DvtError} from "../errors.js";

/** The URLs that the variable has, separated by commas. CONFIG_INVALID says which one is none, not what it is. */
export function parseEndpoints(variable: string, text: string): URL[] {
  return text.split(",").map((part, position) => {
    const url = URL.canParse(part.trim()) ? new URL(part.trim()) : undefined;
    if (url && /^https?:$/.test(url.protocol)) return url;
    throw new DvtError("CONFIG_INVALID", `${variable}: number ${position + 1} is not an http or https URL`);
  });
}
