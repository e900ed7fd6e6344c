import type {Beacon} from "../beacon/connectBeacon.js";
import {type BeaconState, readHeadState} from "../beacon/headState.js";
import type {Network} from "../consensus/networks.js";
import {createBatches} from "../runtime/batches.js";
import type {Logger} from "../runtime/logger.js";
import {createStateValidators} from "./stateValidators.js";
import type {RegistryView, ValidatorRegistry} from "./validatorRegistry.js";
import {createFindValid} from "./validDeposits.js";

type Options = {readonly beacon: Pick<Beacon, "run">; readonly network: Network; readonly logger: Logger};

/** The count of one state. */
type ValidatorCount = {
  readonly root: string;
  readonly nextIndex: number;
  /** New keys with a valid pending deposit. */
  readonly coming: ReadonlySet<string>;
};

/**
 * Counts the validators of the head state, and those that will be appended: the new keys with a valid pending deposit.
 * CONSENSUS_UNAVAILABLE, CONSENSUS_CHAIN_MISMATCH.
 */
export function createBeaconRegistry({beacon, network, logger}: Options): ValidatorRegistry {
  let validators = createStateValidators();
  const findValid = createFindValid(network);
  let counted: ValidatorCount | undefined;
  let isFirst = true;

  const count = async (state: BeaconState): Promise<ValidatorCount> => {
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
  // One read at a time; calls that arrive meanwhile share the next count.
  const readTogether = createBatches<readonly string[], RegistryView>(async (asked) => {
    const keys = [...new Set(asked.flat())];
    const view = await beacon.run((node) => readHeadState(node, {read: (state) => read(state, keys), forget}));
    return asked.map(() => view);
  });
  return {read: readTogether};
}
