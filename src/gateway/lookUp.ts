import type {Cluster, Validator} from "../clusters/cluster.js";
import type {ExitResult} from "../exits/completion.js";
import {type ExitId, exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import type {Head} from "../store/requests.js";
import type {Gateway} from "./gateway.js";

export type Place = {readonly cluster: Cluster; readonly validator: Validator};

/** Where the current exit of a validator stands. */
export type Standing = Place & {
  readonly exit: ExitId;
  readonly head: Head;
  /** The stored result; whether it is good is for whoever serves it to ask. */
  readonly result: ExitResult | undefined;
  /** Share indexes that are held; none once there is a result. */
  readonly held: ReadonlySet<number>;
};

/** The current exits of those among the validators that anybody asked for, by public key. */
export async function lookUp(gateway: Gateway, places: readonly Place[]): Promise<ReadonlyMap<string, Standing>> {
  const {network, requests, exits, results, oracles} = gateway;
  const oracleSet = oracles.current();
  const heads = await requests.findAll(places.map(({validator}) => ({network, publicKey: validator.publicKeyHex})));
  const current = places.flatMap((place) => {
    const publicKey = place.validator.publicKeyHex;
    const head = heads.get(validatorKeyOf({network, publicKey}));
    return head ? [{...place, head, exit: {network, publicKey, validatorIndex: head.validatorIndex}}] : [];
  });
  const unknown = current.map(({exit}) => exit).filter((exit) => !results.find(exit, oracleSet));
  const collected = await exits.findAll(unknown, oracleSet.configHash);
  for (const exit of unknown) {
    const result = collected.get(exitKeyOf(exit))?.result;
    if (result) results.keep(exit, oracleSet, result);
  }
  const toStanding = (it: (typeof current)[number]): Standing => {
    const held = new Set(collected.get(exitKeyOf(it.exit))?.shares.keys());
    return {...it, held, result: results.find(it.exit, oracleSet)};
  };
  return new Map(current.map((it) => [it.exit.publicKey, toStanding(it)]));
}
