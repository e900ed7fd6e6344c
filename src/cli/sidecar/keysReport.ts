import type {Cluster} from "../../clusters/cluster.js";
import type {OpenedKeyShares} from "../../keys/keyShares.js";
import {toHex} from "../../runtime/hex.js";
import {printable} from "../../runtime/printable.js";
import {shortened, toColumns} from "../columns.js";

/** An error as the report shows it. */
export type Problem = {code: string; reason: string};

/** The key shares that a sidecar with this environment can sign with, and those that are missing. */
export type KeysReport = {
  network: string;
  cluster_id: string;
  validators: {public_key: string; share_index: number; public_key_share: string; can_sign: boolean; problem?: Problem}[];
  /** Problems with files that belong to no known validator. */
  problems: (Problem & {share_index: number})[];
};

/** Builds the report from what was opened. */
export function toReport(cluster: Cluster, opened: readonly OpenedKeyShares[]): KeysReport {
  const report: KeysReport = {network: cluster.network, cluster_id: cluster.id, validators: [], problems: []};
  for (const {keyShares, problems} of opened) {
    const {shareIndex, publicKeys} = keyShares;
    const reported = problems.map(({publicKey, error}) => ({publicKey, problem: {code: error.code, reason: error.message}}));
    for (const {publicKeyHex, publicKeyShares} of cluster.validators.values()) {
      const share = publicKeyShares.get(shareIndex);
      const canSign = publicKeys.has(publicKeyHex);
      const problem = canSign ? undefined : reported.find(({publicKey}) => publicKey === publicKeyHex)?.problem;
      report.validators.push({
        public_key: publicKeyHex,
        share_index: shareIndex,
        public_key_share: share ? toHex(share.toBytes()) : "",
        can_sign: canSign,
        ...(problem && {problem}),
      });
    }
    const others = reported.filter(({publicKey}) => publicKey === undefined || publicKeys.has(publicKey));
    report.problems.push(...others.map(({problem}) => ({share_index: shareIndex, ...problem})));
  }
  return report;
}

/** Whether every key share can be used and no file has a problem. */
export const isWhole = ({validators, problems}: KeysReport): boolean =>
  problems.length === 0 && validators.every(({can_sign}) => can_sign);

/** For people: a line for each key share, then the problems with other files. */
export function toTable({validators, problems}: KeysReport): string {
  const rows = validators.map(({public_key, share_index, public_key_share, can_sign, problem}) => [
    shortened(public_key),
    String(share_index),
    can_sign
      ? "can sign"
      : `missing: ${problem ? toText(problem) : `no file here holds the key share of ${shortened(public_key_share)}`}`,
  ]);
  const heading = ["validator", "share_index", "key_share"];
  const others = problems.map((problem) => `share index ${problem.share_index}: ${toText(problem)}\n`);
  const summary = `${validators.filter((it) => it.can_sign).length} of ${validators.length} key shares can sign\n`;
  return [toColumns([heading, ...rows]), others.join(""), summary].filter(Boolean).join("\n");
}

const toText = ({code, reason}: Problem): string => printable(`${reason.replace(/\s*\n\s*/g, " ")} [${code}]`);
