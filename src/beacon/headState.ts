import {type TProperties, Type} from "typebox";
import {Compile} from "typebox/schema";
import {DvtError} from "../errors.js";
import {assertVerified, checkSynced} from "./checkSynced.js";
import {type BeaconNode, notServed, unavailableAt} from "./node.js";
import {askValidators, type ChainValidator} from "./validators.js";

/** A deposit that is not processed yet; hex in lower case with 0x; gwei. */
export type PendingDeposit = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
};

/** Gwei that a validator is to pay out. */
export type PendingPartialWithdrawal = {readonly validatorIndex: number; readonly amount: number};

/** Indexes of the validator that ends, and of the one that gets its stake. */
export type PendingConsolidation = {readonly source: number; readonly target: number};

/** One state of one node; everything read from it belongs to that state. */
export type BeaconState = {
  /** The state's root. */
  readonly root: string;
  readonly slot: number;
  /** The host of the node, for messages. */
  readonly host: string;
  /** Finds validators by public keys (in lower-case hex with 0x) and indexes, in the order of their indexes. */
  findValidators(ids: readonly (string | number)[]): Promise<ChainValidator[]>;
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#pendingdeposit */
  pendingDeposits(): Promise<PendingDeposit[]>;
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#pendingpartialwithdrawal */
  pendingPartialWithdrawals(): Promise<PendingPartialWithdrawal[]>;
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#pendingconsolidation */
  pendingConsolidations(): Promise<PendingConsolidation[]>;
};

const Index = Type.String({pattern: "^[0-9]{1,15}$"});
const Uint64 = Type.String({pattern: "^[0-9]{1,20}$"});
const hexOf = (bytes: number) => Type.String({pattern: `^0x[0-9a-fA-F]{${bytes * 2}}$`});

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/blocks/header.yaml
const HeaderAnswer = Compile(
  Type.Object({
    execution_optimistic: Type.Optional(Type.Boolean()),
    data: Type.Object({header: Type.Object({message: Type.Object({slot: Uint64, state_root: hexOf(32)})})}),
  }),
);
const toAnswer = <T extends TProperties>(item: T) =>
  Compile(Type.Object({execution_optimistic: Type.Optional(Type.Boolean()), data: Type.Array(Type.Object(item))}));
// https://github.com/ethereum/beacon-APIs/tree/v3.1.0/apis/beacon/states
const PendingDepositsAnswer = toAnswer({
  pubkey: hexOf(48),
  withdrawal_credentials: hexOf(32),
  amount: Uint64,
  signature: hexOf(96),
});
const PendingPartialWithdrawalsAnswer = toAnswer({validator_index: Index, amount: Uint64});
const PendingConsolidationsAnswer = toAnswer({source_index: Index, target_index: Index});

/** 300,000 deposits of about 440 bytes. */
const pendingBytes = 128 * 1024 * 1024;
const longTimeoutMs = 60_000;

/**
 * How a state is requested, attempt by attempt. A root never mixes two states, whatever moves meanwhile, but a node keeps only
 * those of the last minutes, and one address may lead to several nodes, one of them behind. Prysm does not find the head state by
 * its root, so it is requested as "head", which is right if the head is the same before and after.
 */
const tries = ["root", "root", "head", "head", "head"] as const;

/** The head moved on, and its state with it. */
class StateGoneError extends DvtError {}

type StateReader<T> = {
  readonly read: (state: BeaconState) => Promise<T>;
  /** Called if what was read may belong to two states, so that nothing of it is kept. */
  readonly forget: () => void;
};

/** Reads the head state of a node; starts over with the new head if the node has dropped the state meanwhile. */
export async function readHeadState<T>(node: BeaconNode, reading: StateReader<T>, tried = 0): Promise<T> {
  await checkSynced(node);
  const {root, slot} = await readHead(node);
  const way = tries[tried];
  try {
    const answer = await reading.read(toState(node, {root, slot, id: way === "head" ? "head" : root}));
    if (way === "root" || (await readHead(node)).root === root) return answer;
    throw stateGone(node, "its head moves faster than it responds");
  } catch (error) {
    if (way === "head") reading.forget();
    if (!(error instanceof StateGoneError) || tried === tries.length - 1) throw error;
  }
  return readHeadState(node, reading, tried + 1);
}

async function readHead(node: BeaconNode): Promise<{root: string; slot: number}> {
  const header = await node.ask({path: "beacon/headers/head", answer: HeaderAnswer});
  if (!header) throw unavailableAt(node.host, "it has no head");
  assertVerified(node, header);
  const {state_root, slot} = header.data.header.message;
  return {root: state_root.toLowerCase(), slot: Number(slot)};
}

const stateGone = ({host}: BeaconNode, reason: string): StateGoneError =>
  new StateGoneError("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`);

/** `id`: how the state is asked for. */
function toState(node: BeaconNode, {root, slot, id}: {root: string; slot: number; id: string}): BeaconState {
  const expectState = <T>(answer: T | undefined): T => {
    if (answer !== undefined) return answer;
    throw stateGone(node, "it does not have the state of its own head");
  };
  /** A list of the state, which nodes have from Electra on. */
  const askPending = async <T extends {execution_optimistic?: boolean}>(
    what: string,
    answer: {Check(value: unknown): value is T},
  ): Promise<T> => {
    const question = {path: `beacon/states/${id}/${what}`, since: "v3.1.0, from Electra on"};
    const found = await node.ask({...question, maxBytes: pendingBytes, timeoutMs: longTimeoutMs, answer});
    // A node always has its head, so it does not know the route.
    if (!found && id === "head") throw unavailableAt(node.host, notServed(404, question.path, question.since));
    const pending = expectState(found);
    assertVerified(node, pending);
    return pending;
  };
  return {
    root,
    slot,
    host: node.host,
    findValidators: async (ids) => expectState(await askValidators(node, id, ids)),
    async pendingDeposits() {
      const {data} = await askPending("pending_deposits", PendingDepositsAnswer);
      return data.map(({pubkey, withdrawal_credentials, amount, signature}) => ({
        publicKey: pubkey.toLowerCase(),
        withdrawalCredentials: withdrawal_credentials.toLowerCase(),
        amount: BigInt(amount),
        signature: signature.toLowerCase(),
      }));
    },
    async pendingPartialWithdrawals() {
      const {data} = await askPending("pending_partial_withdrawals", PendingPartialWithdrawalsAnswer);
      return data.map(({validator_index, amount}) => ({validatorIndex: Number(validator_index), amount: Number(amount)}));
    },
    async pendingConsolidations() {
      const {data} = await askPending("pending_consolidations", PendingConsolidationsAnswer);
      return data.map(({source_index, target_index}) => ({source: Number(source_index), target: Number(target_index)}));
    },
  };
}
