import type {Cluster, Validator} from "../clusters/cluster.js";
import {DvtError} from "../errors.js";
import type {ExitResult} from "../exits/completion.js";
import {type DepositId, depositKeyOf} from "../exits/depositId.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {CollectedDeposit} from "../store/deposits.js";
import type {Held} from "../store/heldShares.js";
import type {Head} from "../store/requestDocument.js";
import type {Gateway} from "./gateway.js";

export type Place = {readonly cluster: Cluster; readonly validator: Validator};

/** By share index, the code of each sidecar that refuses the latest request. */
export type Refusals = ReadonlyMap<number, string>;

/** Where the deposit stands that is asked for with an exit. */
export type DepositStanding = {
  readonly id: DepositId;
  /** Too few signed in time: no share of it is kept until it is asked for again. */
  readonly isExpired: boolean;
  /** 96 bytes in hex, as stored; whether it is good is for whoever serves it to ask. */
  readonly signature: string | undefined;
  /** Share indexes that are held; none once there is a signature. */
  readonly held: ReadonlySet<number>;
  readonly refusals: Refusals;
};

/** Where the current exit of a validator stands. */
export type Standing = Place & {
  readonly exit: ExitId;
  readonly head: Head;
  /** The stored result; whether it is good is for whoever serves it to ask. */
  readonly result: ExitResult | undefined;
  /** Share indexes that are held; none once there is a result. */
  readonly held: ReadonlySet<number>;
  readonly refusals: Refusals;
  /** Undefined: none is asked for with it. */
  readonly deposit: DepositStanding | undefined;
};

/** The current exits of those among the validators that anybody asked for, by public key. */
export async function lookUp(gateway: Gateway, places: readonly Place[]): Promise<ReadonlyMap<string, Standing>> {
  const {network, requests} = gateway;
  const found = await requests.findAll(places.map(({validator}) => ({network, publicKey: validator.publicKeyHex})));
  const heads = new Map([...found].flatMap(([key, it]) => (it instanceof DvtError ? [] : [[key, it] as const])));
  return toStandings(gateway, places, heads);
}

/** The same where the heads are known, by validator key. */
export async function toStandings(
  {network, exits, deposits, results, oracles}: Gateway,
  places: readonly Place[],
  heads: ReadonlyMap<string, Head>,
): Promise<ReadonlyMap<string, Standing>> {
  const oracleSet = oracles.current();
  const current = places.flatMap((place) => {
    const publicKey = place.validator.publicKeyHex;
    const head = heads.get(validatorKeyOf({network, publicKey}));
    return head ? [{...place, head, exit: {network, publicKey, validatorIndex: head.validatorIndex}}] : [];
  });
  const unknown = current.map(({exit}) => exit).filter((exit) => !results.find(exit, oracleSet));
  const [collected, collectedDeposits] = await Promise.all([
    exits.findAll(unknown, oracleSet.configHash),
    deposits.findAll(current.flatMap((it) => toDepositId(it) ?? [])),
  ]);
  const collectedOf = (exit: ExitId) => unlessInvalid(collected.get(exitKeyOf(exit)));
  for (const exit of unknown) {
    const result = collectedOf(exit)?.result;
    if (result) results.keep(exit, oracleSet, result);
  }
  const toStanding = (it: (typeof current)[number]): Standing => {
    const of = toHolding(it.head, collectedOf(it.exit));
    return {...it, ...of, result: results.find(it.exit, oracleSet), deposit: toDepositStanding(it, collectedDeposits)};
  };
  return new Map(current.map((it) => [it.exit.publicKey, toStanding(it)]));
}

type Current = Pick<Standing, "exit" | "head">;

const toDepositId = ({exit: {network, publicKey}, head}: Current): DepositId | undefined =>
  head.deposit && {network, publicKey, deposit: head.deposit.deposit};

/** As if nothing were stored: it is in the log. */
const unlessInvalid = <T>(found: T | DvtError | undefined): T | undefined => (found instanceof DvtError ? undefined : found);

function toDepositStanding(
  current: Current,
  collected: ReadonlyMap<string, CollectedDeposit | DvtError>,
): DepositStanding | undefined {
  const id = toDepositId(current);
  if (!id) return undefined;
  const of = unlessInvalid(collected.get(depositKeyOf(id)));
  const isExpired = current.head.deposit?.isExpired === true;
  return {id, isExpired, signature: of?.signature, ...toHolding(current.head, of)};
}

/** Of a deposit the request that counts is its exit's. */
const toHolding = ({requestedAt}: Head, {shares, refusals}: Partial<Held> = {}): Pick<Standing, "held" | "refusals"> => ({
  held: new Set(shares?.keys()),
  refusals: new Map(
    [...(refusals ?? [])].flatMap(([shareIndex, {requested_at, code}]) =>
      requested_at === requestedAt ? [[shareIndex, code] as const] : [],
    ),
  ),
});
