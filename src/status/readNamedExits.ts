import type {Question} from "../../schemas/query.js";
import type {ExitLine, ExitsPage} from "../../schemas/status.js";
import {DvtError} from "../errors.js";
import {exitKeyOf, validatorKeyOf} from "../exits/exitId.js";
import {createSharesOf} from "./clusterShares.js";
import type {Sight} from "./sight.js";
import type {StatusSources} from "./sources.js";
import {toLine, toSupersededLine} from "./toLine.js";

type NamedQuestion = Extract<Question, {kind: "named_exits"}>;

/** Those of the named exits that were asked for and may be seen: at most 64, by _id. */
export async function readNamedExits(sources: StatusSources, sight: Sight, {exits: named}: NamedQuestion): Promise<ExitsPage> {
  const {network, requests, exitViews, oracles, clock} = sources;
  const at = clock.now();
  const exits = named.map(({public_key, validator_index}) => ({network, publicKey: public_key, validatorIndex: validator_index}));
  const [heads, views] = await Promise.all([requests.findAll(exits), exitViews.findAll(exits, oracles.current().configHash)]);
  const sharesOf = createSharesOf(sources, at);
  const lines = exits.flatMap((exit): ExitLine[] => {
    const head = heads.get(validatorKeyOf(exit));
    if (!head || head instanceof DvtError || !sight.clusters.some(({id}) => id === head.clusterId)) return [];
    const shares = sharesOf(head.clusterId);
    const view = views.get(exitKeyOf(exit));
    if (!shares) return [];
    if (head.validatorIndex === exit.validatorIndex) return [toLine(head, view, shares)];
    const earlier = head.previous.findLast(({validatorIndex}) => validatorIndex === exit.validatorIndex);
    return earlier ? [toSupersededLine({...earlier, publicKey: exit.publicKey, clusterId: head.clusterId}, view, shares)] : [];
  });
  return {at, exits: lines};
}
