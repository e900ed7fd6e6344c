import type {Beacon} from "../beacon/connectBeacon.js";
import {type BeaconState, readHeadState} from "../beacon/headState.js";
import type {Network} from "../consensus/networks.js";
import {createBatches} from "../runtime/batches.js";
import type {Logger} from "../runtime/logger.js";
import {createStateValidators} from "./stateValidators.js";
import type {RegistryView, ValidatorRegistry} from "./validatorRegistry.js";
import {createFindValid} from "./validDeposits.js";

type Options = {readonly beacon: Pick<Beacon, "run">; readonly network: Network; readonly logger: Logger};

/** Of one state. */
type Counted = {
  readonly root: string;
  readonly nextIndex: number;
  /** Keys that are new, and have a valid deposit that waits. */
  readonly coming: ReadonlySet<string>;
};

/**
 * The validators of the head's state, and those that will be appended to them: distinct new keys among the pending deposits of
 * which one is valid. CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH.
 */
export function createBeaconRegistry({beacon, network, logger}: Options): ValidatorRegistry {
  let validators = createStateValidators();
  const findValid = createFindValid(network);
  let counted: Counted | undefined;
  let isFirst = true;

  const count = async (state: BeaconState): Promise<Counted> => {
    if (counted?.root === state.root) return counted;
    counted = undefined;
    const inState = await validators.follow(state);
    const pending = await state.pendingDeposits();
    const missing = new Set(await validators.findMissing(state, [...new Set(pending.map(({publicKey}) => publicKey))]));
    const valid = await findValid(pending.filter(({publicKey}) => missing.has(publicKey)));
    const coming = new Set(valid.map(({publicKey}) => publicKey));
    counted = {root: state.root, nextIndex: inState + coming.size, coming};
    if (isFirst) logger.info({next_index: counted.nextIndex, pending: coming.size}, "validators counted");
    isFirst = false;
    return counted;
  };

  const read = async (state: BeaconState, keys: readonly string[]): Promise<RegistryView> => {
    const {nextIndex, coming} = await count(state);
    const missing = new Set(await validators.findMissing(state, keys));
    const registered = new Set(keys.filter((key) => coming.has(key) || !missing.has(key)));
    return {nextIndex, isRegistered: (key: string) => registered.has(key)};
  };
  const forget = (): void => {
    counted = undefined;
    validators = createStateValidators();
  };
  // One after the other, and those who come meanwhile together: they share what is counted.
  const readTogether = createBatches<readonly string[], RegistryView>(async (asked) => {
    const keys = [...new Set(asked.flat())];
    const view = await beacon.run((node) => readHeadState(node, {read: (state) => read(state, keys), forget}));
    return asked.map(() => view);
  });
  return {read: readTogether};
}
