/** "0.5 ETH": what gas is paid with; xDAI where stakes are counted in mGNO. */
export const coinsText = (wei: bigint, stakeUnit: string): string =>
  `${Number(wei / 10n ** 12n) / 1e6} ${stakeUnit === "mGNO" ? "xDAI" : "ETH"}`;
