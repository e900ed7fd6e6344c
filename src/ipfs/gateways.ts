import {DvtError} from "../errors.js";

/** One HTTP gateway of IPFS. */
export type IpfsGateway = {
  /** All that is told of it: login, path and query of its URL may be keys. */
  readonly host: string;
  readonly url: URL;
};

/** IPFS_FETCH_ENDPOINTS, separated by commas. CONFIG_INVALID says which one is no URL, not what it is. */
export const parseGateways = (text: string): IpfsGateway[] =>
  text.split(",").map((part, position) => {
    const url = URL.canParse(part.trim()) ? new URL(part.trim()) : undefined;
    if (url && /^https?:$/.test(url.protocol)) return {host: url.host, url};
    throw new DvtError("CONFIG_INVALID", `IPFS_FETCH_ENDPOINTS: number ${position + 1} is not an http or https URL`);
  });
