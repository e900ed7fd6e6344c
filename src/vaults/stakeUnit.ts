import type {NetworkName} from "../../schemas/fields.js";

/** What stakes are counted in on the network. */
export const stakeUnitOf = (network: NetworkName): string => (network === "gnosis" ? "mGNO" : "ETH");
