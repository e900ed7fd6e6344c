import {createHash} from "node:crypto";
import {toShortText} from "../../runtime/shortText.js";
import type {Trust} from "../../trust/trustFile.js";
import {toColumns} from "../columns.js";

/** Whom a node trusts, and a fingerprint of it, to be compared with the administrator and the cluster's other nodes. */
export function trustText(trust: Trust): string {
  const {network, admin, aggregator, clusters} = trust;
  const rows = [
    ["network", network],
    ["administrator", admin],
    ["aggregator", aggregator.nkey],
    ...aggregator.encryption_keys.map((key) => ["  key", key]),
    ...clusters.flatMap(({id, definition_hash, operators}) => [
      [`cluster ${id}`, definition_hash],
      ...operators.map((operator) => [`  operator ${operator.id}`, operator.nkey]),
    ]),
    ["fingerprint", fingerprintOf(trust)],
  ];
  return toColumns(rows);
}

/** The same for the same trust, in whatever order a file has it. */
function fingerprintOf({network, admin, aggregator, clusters}: Trust): string {
  const lines = [
    ...aggregator.encryption_keys.map((key) => `key ${key.toLowerCase()}`),
    ...clusters.flatMap(({id, definition_hash, operators}) => [
      `cluster ${id} ${definition_hash.toLowerCase()}`,
      ...operators.map((operator) => `operator ${id} ${operator.id} ${operator.nkey}`),
    ]),
  ].sort();
  const text = ["dvt.v2.trust", network, admin, aggregator.nkey, ...lines].join("\n");
  return toShortText(createHash("sha256").update(text).digest());
}
