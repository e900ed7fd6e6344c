const gweiPerEth = 1_000_000_000;

/** "32 ETH", "1,945.5 ETH": mGNO on Gnosis. */
export const stakeText = (gwei: number, unit: string): string =>
  `${(gwei / gweiPerEth).toLocaleString("en-US", {maximumFractionDigits: 9})} ${unit}`;
