import {sumBy} from "../runtime/sumBy.js";
import type {Beacon} from "./connectBeacon.js";
import {type BeaconState, readHeadState} from "./headState.js";

/** https://github.com/ethereum/consensus-specs/blob/v1.5.0/presets/mainnet/electra.yaml; Gnosis has the same. */
const pendingConsolidationsLimit = 2 ** 18;

/**
 * Reads what the chain decides withdrawals and consolidations by, all of it in one state; CONSENSUS_UNAVAILABLE or CONSENSUS_CHAIN_MISMATCH
 * without a clear answer.
 */
export function createRequestReader(beacon: Pick<Beacon, "run">, {slotsPerEpoch}: {readonly slotsPerEpoch: number}) {
  const readHead = <T>(read: (state: BeaconState) => Promise<T>): Promise<T> =>
    beacon.run((node) => readHeadState(node, {forget: () => {}, read}));

  const findRequested = async (state: BeaconState, publicKeys: readonly string[]) => {
    const [validators, pending] = await Promise.all([state.findValidators(publicKeys), state.pendingPartialWithdrawals()]);
    const leaving = sumBy(pending.map(({validatorIndex, amount}) => [validatorIndex, amount]));
    const epoch = Math.floor(state.slot / slotsPerEpoch);
    return validators.map((it) => ({
      ...it,
      activeEpochs: epoch - it.activationEpoch,
      leaving: leaving.get(it.index) ?? 0,
    }));
  };
  return {
    findWithdrawn: (publicKeys: readonly string[]) => readHead((state) => findRequested(state, publicKeys)),
    findConsolidated: (publicKeys: readonly string[]) =>
      readHead(async (state) => {
        const [validators, pending] = await Promise.all([findRequested(state, publicKeys), state.pendingConsolidations()]);
        const targets = new Set(validators.map(({index}) => index));
        const awaited = pending.filter(({target}) => targets.has(target));
        const sources = await state.findValidators(awaited.map(({source}) => source));
        const stakes = new Map(sources.map(({index, effectiveBalance}) => [index, effectiveBalance]));
        const coming = sumBy(awaited.map(({source, target}) => [target, stakes.get(source) ?? 0]));
        return {
          validators: validators.map((it) => ({...it, coming: coming.get(it.index) ?? 0})),
          isQueueFull: pending.length >= pendingConsolidationsLimit,
        };
      }),
  };
}
