import type {NetworkName} from "../../schemas/fields.js";
import {stakeUnitOf} from "./stakeUnit.js";

/** Says an amount of gwei in an error, in the unit that it was given in. */
export type AmountText = (gwei: number) => string;

/** For what programs ask. */
export const gweiText: AmountText = (gwei) => `${gwei} gwei`;

/** For what people type: in ETH, mGNO on Gnosis, without commas, which stand between amounts there. */
export const typedText =
  (network: NetworkName): AmountText =>
  (gwei) =>
    `${(gwei / 1e9).toLocaleString("en-US", {maximumFractionDigits: 9, useGrouping: false})} ${stakeUnitOf(network)}`;
