import type {Hex} from "viem";

/** What the process that plays the oracles is told: keys are 32 bytes in hex with 0x, in the config's order. */
export type OraclesConfig = {
  readonly keys: readonly Hex[];
  readonly chainId: number;
  readonly keeper: string;
  /** How long each waits before it answers. */
  readonly waitMs: number;
};

/** Where they listen, in the same order. */
export type OraclesListen = {readonly urls: readonly string[]};
