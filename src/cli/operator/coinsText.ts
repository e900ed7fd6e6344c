import {decimalText} from "../../runtime/decimalText.js";

/** "0.5 ETH": what gas is paid with, in millionths, rounded down; xDAI where stakes are counted in mGNO. */
export const coinsText = (wei: bigint, stakeUnit: string): string =>
  `${decimalText(wei / 10n ** 12n, 6)} ${stakeUnit === "mGNO" ? "xDAI" : "ETH"}`;
