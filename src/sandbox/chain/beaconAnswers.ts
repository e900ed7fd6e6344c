import {createHash} from "node:crypto";
import type {Network} from "../../consensus/networks.js";
import type {Deposit} from "../../registry/validDeposits.js";
import {toHex} from "../../runtime/hex.js";

/** What a beacon node's head has. */
export type BeaconState = {
  /** Public keys, in the order of their indexes. */
  readonly validators: readonly string[];
  readonly pending: readonly Deposit[];
  /** Of those of them that are not active. */
  readonly statuses?: Readonly<Record<string, string>>;
  /** Addresses, in hex with 0x, of those of them that withdraw to one: what is before the last 20 bytes is left out. */
  readonly withdrawals?: Readonly<Record<string, string>>;
  /** Those of them that are 0x01. */
  readonly old?: readonly string[];
  /** Gwei of those of them that do not have 32 ETH. */
  readonly balances?: Readonly<Record<string, number>>;
  /** Gwei of those of them whose effective balance does not follow their balance. */
  readonly effectiveBalances?: Readonly<Record<string, number>>;
  /** The epoch of the head, 1000 unless it is said, and those since which those of them are active that are not from the first one on. */
  readonly epoch?: number;
  readonly activations?: Readonly<Record<string, number>>;
  /** Withdrawals in part that wait; gwei. */
  readonly partials?: readonly {readonly publicKey: string; readonly amount: number}[];
  readonly consolidations?: readonly {readonly source: string; readonly target: string}[];
};
export type BeaconAnswer = {readonly status: number; readonly body: unknown};
type Asked = {
  /** Below /eth/v1/. */
  readonly path: string;
  readonly body: string;
  readonly headRoot: string;
  /** The state of this root, or the head's. */
  readonly stateOf: (id: string) => BeaconState | undefined;
  /** The most validators in one answer. */
  readonly most?: number;
};

/** What a synced beacon node of the network answers to what we ask; 404 for anything else. */
export function toBeaconAnswer(network: Network, {path, body, headRoot, stateOf, most = Infinity}: Asked): BeaconAnswer {
  if (path === "beacon/genesis") return ok({genesis_validators_root: toHex(network.genesisValidatorsRoot)});
  if (path === "node/syncing") {
    return ok({head_slot: "7", sync_distance: "0", is_syncing: false, is_optimistic: false, el_offline: false});
  }
  if (path === "beacon/headers/head") {
    const slot = `${(stateOf("head")?.epoch ?? 1000) * network.slotsPerEpoch}`;
    return ok({header: {message: {slot, state_root: headRoot}}});
  }
  const [, id = "", what = ""] = /^beacon\/states\/(head|0x[0-9a-f]{64})\/(validators|pending_[a-z_]+)$/.exec(path) ?? [];
  const state = stateOf(id);
  if (!state || (what !== "validators" && !(what in pendings))) {
    return {status: 404, body: {code: 404, message: "State not found"}};
  }
  if (what === "validators") return ok(findAll(state, JSON.parse(body).ids).slice(-most));
  return ok(pendings[what as keyof typeof pendings](state));
}

const indexIn = ({validators}: BeaconState, publicKey: string): string => `${validators.indexOf(publicKey)}`;
const pendings = {
  pending_deposits: ({pending}: BeaconState) => pending.map(toPending),
  pending_partial_withdrawals: (state: BeaconState) =>
    (state.partials ?? []).map(({publicKey, amount}) => ({
      validator_index: indexIn(state, publicKey),
      amount: `${amount}`,
      withdrawable_epoch: "2000",
    })),
  pending_consolidations: (state: BeaconState) =>
    (state.consolidations ?? []).map(({source, target}) => ({
      source_index: indexIn(state, source),
      target_index: indexIn(state, target),
    })),
};

/** The root that a state is asked for by: no Merkle root, but another for another state. */
export const rootOf = (state: BeaconState): string =>
  toHex(createHash("sha256").update(JSON.stringify(state, bigintAsText)).digest());

const bigintAsText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);
const ok = (data: unknown): BeaconAnswer => ({status: 200, body: {execution_optimistic: false, finalized: false, data}});

/** In no order, as the API allows. */
function findAll({validators, ...state}: BeaconState, ids: readonly string[]): unknown[] {
  const indexes = new Map(validators.map((key, index) => [key, index]));
  const found = ids.flatMap((id) => {
    const index = id.startsWith("0x") ? indexes.get(id) : Number(id);
    return index !== undefined && index < validators.length ? [index] : [];
  });
  return [...new Set(found)].reverse().map((index) => toValidator(index, validators[index] as string, state));
}

function toValidator(index: number, pubkey: string, state: Omit<BeaconState, "validators">) {
  const {statuses = {}, withdrawals = {}, old = [], balances = {}, activations = {}, effectiveBalances = {}} = state;
  const balance = balances[pubkey] ?? 32_000_000_000;
  const credentials = credentialsOf(withdrawals[pubkey] ?? pubkey);
  return {
    index: `${index}`,
    balance: `${balance}`,
    status: statuses[pubkey] ?? "active_ongoing",
    validator: {
      pubkey,
      withdrawal_credentials: old.includes(pubkey) ? credentials.replace("0x02", "0x01") : credentials,
      slashed: false,
      effective_balance: `${effectiveBalances[pubkey] ?? balance - (balance % 1_000_000_000)}`,
      activation_epoch: `${activations[pubkey] ?? 0}`,
    },
  };
}

/** Of a validator that such a node has. */
export const credentialsOf = (publicKey: string): string => `0x02${"00".repeat(11)}${publicKey.slice(-40)}`;

const toPending = ({publicKey, withdrawalCredentials, amount, signature}: Deposit) => ({
  pubkey: publicKey,
  withdrawal_credentials: withdrawalCredentials,
  amount: `${amount}`,
  signature,
  slot: "7",
});
