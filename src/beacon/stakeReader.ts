import {sumBy} from "../runtime/sumBy.js";
import type {Beacon} from "./connectBeacon.js";
import {readHeadState} from "./headState.js";
import type {ChainValidator} from "./validators.js";

/** Reads what validators have; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH without a clear answer. */
export type StakeReader = {
  /** Finds validators by public keys (in lower-case hex with 0x), with deposits that are not processed yet among their balance. */
  findValidators(publicKeys: readonly string[]): Promise<ChainValidator[]>;
};

export const createStakeReader = (beacon: Pick<Beacon, "run">): StakeReader => ({
  findValidators: (publicKeys) =>
    beacon.run((node) =>
      readHeadState(node, {
        forget: () => {},
        async read(state) {
          const [validators, pending] = await Promise.all([state.findValidators(publicKeys), state.pendingDeposits()]);
          const coming = sumBy(pending.map(({publicKey, amount}) => [publicKey, Number(amount)]));
          return validators.map((it) => ({...it, balance: it.balance + (coming.get(it.publicKey) ?? 0)}));
        },
      }),
    ),
});
