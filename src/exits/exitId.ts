import {patterns} from "../../schemas/fields.js";
import type {Network} from "../consensus/networks.js";

/** An exit is identified by network, key and index: the same key at another index is another exit. */
export type ExitId = {
  readonly network: Network;
  /** 48 bytes in lower-case hex with 0x */
  readonly publicKey: string;
  readonly validatorIndex: number;
};

/** network:public_key, under which the relayer stores the current index. */
export const validatorKeyOf = ({network, publicKey}: Pick<ExitId, "network" | "publicKey">): string =>
  `${network.name}:${publicKey}`;

/** network:public_key:validator_index */
export const exitKeyOf = (exit: ExitId): string => `${validatorKeyOf(exit)}:${exit.validatorIndex}`;

/** The exit with this key, or undefined if the key is invalid or of another network. */
export function fromExitKey(key: string, network: Network): ExitId | undefined {
  const [name, publicKey = "", index = ""] = key.split(":");
  const exit = {network, publicKey, validatorIndex: Number(index)};
  if (name !== network.name || !new RegExp(patterns.publicKey).test(publicKey)) return undefined;
  return Number.isSafeInteger(exit.validatorIndex) && exitKeyOf(exit) === key ? exit : undefined;
}
