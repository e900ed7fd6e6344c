import {Type} from "typebox";
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

/** One state of one node; everything read from it belongs to that state. */
export type BeaconState = {
  /** The state's root. */
  readonly root: string;
  /** The host of the node, for messages. */
  readonly host: string;
  /** Finds validators by public keys (in lower-case hex with 0x) and indexes, in the order of their indexes. */
  findValidators(ids: readonly (string | number)[]): Promise<ChainValidator[]>;
  /** https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#pendingdeposit */
  pendingDeposits(): Promise<PendingDeposit[]>;
};

const Uint64 = Type.String({pattern: "^[0-9]{1,20}$"});
const hexOf = (bytes: number) => Type.String({pattern: `^0x[0-9a-fA-F]{${bytes * 2}}$`});

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/blocks/header.yaml
const HeaderAnswer = Compile(
  Type.Object({
    execution_optimistic: Type.Optional(Type.Boolean()),
    data: Type.Object({header: Type.Object({message: Type.Object({state_root: hexOf(32)})})}),
  }),
);
// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/states/pending_deposits.yaml
const PendingDepositsAnswer = Compile(
  Type.Object({
    execution_optimistic: Type.Optional(Type.Boolean()),
    data: Type.Array(Type.Object({pubkey: hexOf(48), withdrawal_credentials: hexOf(32), amount: Uint64, signature: hexOf(96)})),
  }),
);

/** 300,000 deposits of about 440 bytes. */
const pendingDepositsBytes = 128 * 1024 * 1024;
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
  const root = await readHeadRoot(node);
  const way = tries[tried];
  try {
    const answer = await reading.read(toState(node, root, way === "head" ? "head" : root));
    if (way === "root" || (await readHeadRoot(node)) === root) return answer;
    throw stateGone(node, "its head moves faster than it responds");
  } catch (error) {
    if (way === "head") reading.forget();
    if (!(error instanceof StateGoneError) || tried === tries.length - 1) throw error;
  }
  return readHeadState(node, reading, tried + 1);
}

async function readHeadRoot(node: BeaconNode): Promise<string> {
  const header = await node.ask({path: "beacon/headers/head", answer: HeaderAnswer});
  if (!header) throw unavailableAt(node.host, "it has no head");
  assertVerified(node, header);
  return header.data.header.message.state_root.toLowerCase();
}

const stateGone = ({host}: BeaconNode, reason: string): StateGoneError =>
  new StateGoneError("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`);

function toState(node: BeaconNode, root: string, id: string): BeaconState {
  const expectState = <T>(answer: T | undefined): T => {
    if (answer !== undefined) return answer;
    throw stateGone(node, "it does not have the state of its own head");
  };
  return {
    root,
    host: node.host,
    findValidators: async (ids) => expectState(await askValidators(node, id, ids)),
    async pendingDeposits() {
      const question = {path: `beacon/states/${id}/pending_deposits`, since: "v3.1.0, from Electra on"};
      const limits = {maxBytes: pendingDepositsBytes, timeoutMs: longTimeoutMs};
      const answer = await node.ask({...question, ...limits, answer: PendingDepositsAnswer});
      // A node always has its head, so it does not know the route.
      if (!answer && id === "head") throw unavailableAt(node.host, notServed(404, question.path, question.since));
      const deposits = expectState(answer);
      assertVerified(node, deposits);
      return deposits.data.map(({pubkey, withdrawal_credentials, amount, signature}) => ({
        publicKey: pubkey.toLowerCase(),
        withdrawalCredentials: withdrawal_credentials.toLowerCase(),
        amount: BigInt(amount),
        signature: signature.toLowerCase(),
      }));
    },
  };
}
