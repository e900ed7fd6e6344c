import {Type} from "typebox";
import {Compile} from "typebox/compile";
import {DvtError} from "../errors.js";
import {type BeaconNode, unavailableAt} from "./node.js";

/** Hex in lower case with 0x; gwei. */
export type PendingDeposit = {
  readonly publicKey: string;
  readonly withdrawalCredentials: string;
  readonly amount: bigint;
  readonly signature: string;
};

/** One state of one node: everything that is answered is of that state. */
export type BeaconState = {
  /** The state's root. */
  readonly root: string;
  /** The node, for a sentence. */
  readonly host: string;
  /** Those of these public keys (in lower-case hex with 0x) and indexes that it has, in the order of their indexes. */
  findValidators(ids: readonly (string | number)[]): Promise<{index: number; publicKey: string}[]>;
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#pendingdeposit */
  pendingDeposits(): Promise<PendingDeposit[]>;
};

const Uint64 = Type.String({pattern: "^[0-9]{1,20}$"});
const hexOf = (bytes: number) => Type.String({pattern: `^0x[0-9a-fA-F]{${bytes * 2}}$`});

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/node/syncing.yaml
const SyncingAnswer = Compile(
  Type.Object({
    data: Type.Object({is_syncing: Type.Boolean(), is_optimistic: Type.Optional(Type.Boolean())}),
  }),
);
// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/blocks/header.yaml
const HeaderAnswer = Compile(
  Type.Object({
    data: Type.Object({header: Type.Object({message: Type.Object({state_root: hexOf(32)})})}),
  }),
);
// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/validators.yaml
const ValidatorsAnswer = Compile(
  Type.Object({
    data: Type.Array(Type.Object({index: Uint64, validator: Type.Object({pubkey: hexOf(48)})})),
  }),
);
// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/pending_deposits.yaml
const PendingDepositsAnswer = Compile(
  Type.Object({
    data: Type.Array(Type.Object({pubkey: hexOf(48), withdrawal_credentials: hexOf(32), amount: Uint64, signature: hexOf(96)})),
  }),
);

/** How many validators are asked for at once; each takes about 500 bytes. */
const validatorsAtOnce = 1000;
const validatorsBytes = 2 * 1024 * 1024;
/** 300,000 deposits of about 440 bytes. */
const pendingDepositsBytes = 128 * 1024 * 1024;
const longTimeoutMs = 60_000;
/** A node keeps the states of the last minutes; behind one address there may be several nodes, one of them behind. */
const tries = 3;

/** The head moved on, and its state with it. */
class StateGoneError extends DvtError {}

/** Reads from the node's head; from its new head, from the beginning, where the node has forgotten the state meanwhile. */
export async function readHeadState<T>(node: BeaconNode, read: (state: BeaconState) => Promise<T>, tried = 1): Promise<T> {
  const syncing = await node.ask({path: "node/syncing", answer: SyncingAnswer});
  if (!syncing || syncing.data.is_syncing || syncing.data.is_optimistic) {
    throw unavailableAt(node.host, "it has not caught up with the chain");
  }
  const header = await node.ask({path: "beacon/headers/head", answer: HeaderAnswer});
  if (!header) throw unavailableAt(node.host, "it has no head");
  try {
    return await read(toState(node, header.data.header.message.state_root.toLowerCase()));
  } catch (error) {
    if (!(error instanceof StateGoneError) || tried === tries) throw error;
  }
  return readHeadState(node, read, tried + 1);
}

function toState(node: BeaconNode, root: string): BeaconState {
  const path = `beacon/states/${root}`;
  const expectState = <T>(answer: T | undefined): T => {
    if (answer !== undefined) return answer;
    throw new StateGoneError("CONSENSUS_UNAVAILABLE", `ask beacon node ${node.host}: it does not have the state of its own head`);
  };

  const findSome = async (ids: readonly string[]) => {
    // Posted: who gets a state's validator by its index cannot tell "no such validator" from "no such state".
    const question = {path: `${path}/validators`, body: {ids}, answer: ValidatorsAnswer, maxBytes: validatorsBytes};
    const {data} = expectState(await node.ask({...question, timeoutMs: longTimeoutMs}));
    const asked = new Set(ids);
    return data.map(({index, validator}) => {
      const publicKey = validator.pubkey.toLowerCase();
      if (!asked.has(index) && !asked.has(publicKey)) throw unavailableAt(node.host, "it answers for other validators");
      return {index: Number(index), publicKey};
    });
  };

  return {
    root,
    host: node.host,
    async findValidators(ids) {
      const found = [];
      for (let from = 0; from < ids.length; from += validatorsAtOnce) {
        found.push(...(await findSome(ids.slice(from, from + validatorsAtOnce).map(String))));
      }
      return found.sort((a, b) => a.index - b.index);
    },
    async pendingDeposits() {
      const question = {path: `${path}/pending_deposits`, answer: PendingDepositsAnswer, maxBytes: pendingDepositsBytes};
      const {data} = expectState(await node.ask({...question, timeoutMs: longTimeoutMs}));
      return data.map(({pubkey, withdrawal_credentials, amount, signature}) => ({
        publicKey: pubkey.toLowerCase(),
        withdrawalCredentials: withdrawal_credentials.toLowerCase(),
        amount: BigInt(amount),
        signature: signature.toLowerCase(),
      }));
    },
  };
}
