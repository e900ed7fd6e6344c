/** More than the limit, in wei for a unit of gas: nothing is sent for it. */
export type TooDear = {
  readonly maxFeePerGas: bigint;
  readonly limit: bigint;
  /** It is the price of taking the place of another transaction of the wallet, not that of gas. */
  readonly isOfReplacing?: boolean;
};

/** The part of something that says how dear it is. */
export const dearnessOf = ({maxFeePerGas, limit, isOfReplacing = false}: TooDear): TooDear => ({
  maxFeePerGas,
  limit,
  ...(isOfReplacing && {isOfReplacing}),
});
