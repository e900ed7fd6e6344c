import type {Question} from "../../schemas/query.js";
import type {ExitStory} from "../../schemas/status.js";
import {depositKeyOf} from "../exits/depositId.js";
import {exitKeyOf} from "../exits/exitId.js";
import type {ExitView} from "../store/exitViews.js";
import type {StoredRequest} from "../store/requestDocument.js";
import {clusterSharesOf} from "./clusterShares.js";
import type {Sight} from "./sight.js";
import type {StatusSources} from "./sources.js";
import {toLine, toSupersededLine} from "./toLine.js";

type ExitQuestion = Extract<Question, {kind: "exit"}>;

/** The life of one exit, read by _id; undefined if it was never asked for, or may not be seen. STORED_INVALID, STORE_UNAVAILABLE. */
export async function readExit(
  sources: StatusSources,
  sight: Sight,
  {public_key, validator_index}: ExitQuestion,
): Promise<ExitStory | undefined> {
  const {network, requests, exitViews, oracles, clock} = sources;
  const head = await requests.find({network, publicKey: public_key});
  const cluster = head && sight.clusters.find(({id}) => id === head.clusterId);
  if (!head || !cluster) return undefined;
  const {validatorIndex = head.validatorIndex} = {validatorIndex: validator_index};
  const earlier =
    validatorIndex === head.validatorIndex ? undefined : head.previous.findLast((it) => it.validatorIndex === validatorIndex);
  if (validatorIndex !== head.validatorIndex && !earlier) return undefined;
  const exit = {network, publicKey: public_key, validatorIndex};
  const {configHash} = oracles.current();
  const view = (await exitViews.findAll([exit], configHash)).get(exitKeyOf(exit));
  const at = clock.now();
  const shares = clusterSharesOf(sources, cluster, at);
  const what = {at, threshold: cluster.threshold, share_indexes: [...shares.shareIndexes], ...collectedOf(view)};
  if (earlier) {
    const line = toSupersededLine({...earlier, publicKey: public_key, clusterId: cluster.id}, view, shares);
    return {
      ...line,
      ...what,
      requesters: [],
      superseded_by: head.validatorIndex,
      superseded_at: earlier.supersededAt,
      ...thresholdAt(view, earlier.openedAt, cluster.threshold),
    };
  }
  const answeredFor = view?.hasResult ? configHash : head.answeredFor;
  return {
    ...toLine(head, view, shares),
    ...what,
    requesters: [...head.requesters].map(([operator_id, {requestedAt, orderId}]) => {
      const takenAt = head.taken.get(operator_id);
      return {operator_id, requested_at: requestedAt, order_id: orderId, ...(takenAt !== undefined && {taken_at: takenAt})};
    }),
    ...(head.issuedAt !== undefined && {issued_at: head.issuedAt}),
    ...(head.reissuedAt !== undefined && {reissued_at: head.reissuedAt}),
    ...thresholdAt(view, head.openedAt, cluster.threshold),
    ...(answeredFor !== undefined && {oracles_config_hash: answeredFor}),
    ...(await readDeposit(sources, head)),
  };
}

const collectedOf = (view: ExitView | undefined): Pick<ExitStory, "shares" | "refusals" | "published_at"> => ({
  shares: [...(view?.came ?? [])].map(([share_index, at]) => ({share_index, at})).sort((a, b) => a.at - b.at),
  refusals: [...(view?.refusals ?? [])].map(([share_index, {code, reason, at}]) => ({
    share_index,
    code,
    reason,
    ...(at !== undefined && {at}),
  })),
  ...(view?.publishedAt !== undefined && {published_at: view.publishedAt}),
});

function thresholdAt(view: ExitView | undefined, openedAt: number, threshold: number): Pick<ExitStory, "threshold_at"> {
  const times = [...(view?.came.values() ?? [])].filter((at) => at >= openedAt).sort((a, b) => a - b);
  const last = times[threshold - 1];
  return last === undefined ? {} : {threshold_at: last};
}

async function readDeposit(
  {network, deposits}: StatusSources,
  {publicKey, deposit: asked}: StoredRequest,
): Promise<Pick<ExitStory, "deposit">> {
  if (!asked) return {};
  const id = {network, publicKey, deposit: asked.deposit};
  const signed = await deposits.findSignatures([id]);
  const {vault, amount, validator_type} = asked.deposit;
  return {deposit: {vault, amount, validator_type, is_signed: signed.has(depositKeyOf(id))}};
}
