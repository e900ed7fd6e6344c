import {describe, expect, it} from "vitest";
import {isWhole, toReport, toTable} from "../../../../src/cli/sidecar/keysReport.js";
import {DvtError} from "../../../../src/errors.js";
import type {KeyProblem, OpenedKeyShares} from "../../../../src/keys/keyShares.js";
import {toHex} from "../../../../src/runtime/hex.js";
import {aCluster} from "../../../support/examples/cluster.js";

const {definition} = aCluster({validators: 2});
const cluster = {...definition, id: "alpha", operatorIds: []};
const [first = "", second = ""] = cluster.validators.keys();
const shareOf = (publicKey: string, shareIndex: number): string =>
  toHex(cluster.validators.get(publicKey)?.publicKeyShares.get(shareIndex)?.toBytes() ?? new Uint8Array());

const opened = (shareIndex: number, publicKeys: string[], problems: KeyProblem[] = []): OpenedKeyShares => ({
  keyShares: {
    shareIndex,
    publicKeys: new Set(publicKeys),
    sign: async () => new Uint8Array(),
    signDeposit: async () => new Uint8Array(),
  },
  problems,
});
const wrong = new DvtError("KEYSTORE_PASSWORD_WRONG", "decrypt /keys/a\n.json: it does not open");
const foreign = new DvtError("KEYSTORE_FOREIGN", "open /keys/b.json: another's");

describe("the report of `dvt keys check`", () => {
  it("is whole when each share index can sign for each validator", () => {
    const report = toReport(cluster, [opened(1, [first, second]), opened(2, [first, second])]);
    expect(isWhole(report)).toBe(true);
    expect(report).toMatchObject({network: "hoodi", cluster_id: "alpha", problems: []});
    expect(report.validators).toEqual(
      [1, 2].flatMap((share_index) =>
        [first, second].map((public_key) => ({
          public_key,
          share_index,
          public_key_share: shareOf(public_key, share_index),
          can_sign: true,
        })),
      ),
    );
    expect(toTable(report)).toContain("4 of 4");
  });

  it("shows what is missing, and why, if known", () => {
    const report = toReport(cluster, [opened(1, [second], [{publicKey: first, error: wrong}]), opened(2, [first])]);
    expect(isWhole(report)).toBe(false);
    expect(report.validators.map(({can_sign, problem}) => [can_sign, problem?.code])).toEqual([
      [false, "KEYSTORE_PASSWORD_WRONG"],
      [true, undefined],
      [true, undefined],
      [false, undefined],
    ]);
    const lines = toTable(report).split("\n");
    expect(lines[1]).toMatch(/^0x[0-9a-f]{8}\.\.[0-9a-f]{6} +1 +missing: .* \[KEYSTORE_PASSWORD_WRONG\]$/);
    expect(lines[4]).toContain(`missing: no file here holds the key share of ${shareOf(second, 2).slice(0, 10)}`);
    expect(toTable(report)).toContain("2 of 4");
  });

  it("shows problems with files of no validator, or of one that can sign anyway", () => {
    const problems = [{error: foreign}, {publicKey: first, error: wrong}];
    const report = toReport(cluster, [opened(2, [first, second], problems)]);
    expect(isWhole(report)).toBe(false);
    expect(report.problems).toEqual([
      {share_index: 2, code: "KEYSTORE_FOREIGN", reason: foreign.message},
      {share_index: 2, code: "KEYSTORE_PASSWORD_WRONG", reason: wrong.message},
    ]);
    expect(toTable(report)).toMatch(/^share index 2: open \/keys\/b\.json: another's \[KEYSTORE_FOREIGN\]$/m);
  });
});
