import {decimalText} from "../../runtime/decimalText.js";

/** "0.5 ETH": what gas is paid with; xDAI where stakes are counted in mGNO. */
export const coinsText = (wei: bigint, stakeUnit: string): string =>
  `${decimalText(wei, 18)} ${stakeUnit === "mGNO" ? "xDAI" : "ETH"}`;
