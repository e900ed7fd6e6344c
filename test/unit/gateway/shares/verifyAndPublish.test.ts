import {describe, expect, it} from "vitest";
import {addSignatures, negateSignature, type Signature} from "../../../../src/bls/curve.js";
import {networks} from "../../../../src/consensus/networks.js";
import {voluntaryExitSigningRoot} from "../../../../src/consensus/voluntaryExit.js";
import {createRecent} from "../../../../src/gateway/caches/recent.js";
import {
  createVerifyAndPublish,
  type NewShare,
  sentKeyOf,
  verifyTogether,
} from "../../../../src/gateway/shares/verifyAndPublish.js";
import {addGatewayMetrics} from "../../../../src/metrics/addGatewayMetrics.js";
import {dealValidator} from "../../../../src/sandbox/makeCluster.js";
import {aLogger} from "../../../support/logger.js";
import {silent} from "../../../support/servers.js";

const network = networks.hoodi;
const dealt = [dealValidator(4, 3), dealValidator(4, 3)];

function aShare(of: number, shareIndex: number, signature?: Signature, publish = async () => {}): NewShare {
  const secret = dealt[of]?.secretShares[shareIndex - 1];
  if (!secret) throw new Error("no such share");
  const root = voluntaryExitSigningRoot(network, 1000 + of);
  const signed = signature ?? secret.sign(root);
  return {
    key: `exit-${of}`,
    what: "exit",
    about: {order: `order-${of}`, cluster_id: "c1"},
    root,
    shareIndex,
    publicKeyShare: secret.toPublicKey(),
    bytes: signed.toBytes(),
    signature: signed,
    publish,
  };
}

describe("shares that are verified together", () => {
  it("are each good or bad on their own", async () => {
    const foreign = aShare(0, 2, aShare(0, 3).signature);
    const shares = [aShare(0, 1), foreign, aShare(1, 1), aShare(0, 4)];
    expect(await verifyTogether(shares)).toEqual([true, false, true, true]);
  });

  it("do not pass when two bad ones cancel out", async () => {
    const [one, two] = [aShare(0, 1).signature, aShare(0, 2).signature];
    const error = aShare(1, 3).signature;
    const shares = [aShare(0, 1, addSignatures(one, error)), aShare(0, 2, addSignatures(two, negateSignature(error)))];
    expect(await verifyTogether(shares)).toEqual([false, false]);
  });
});

describe("verifying and publishing", () => {
  it("publishes the good ones", async () => {
    const published: number[] = [];
    const sent = createRecent(1000);
    const take = createVerifyAndPublish({sent, metrics: addGatewayMetrics(), logger: silent});
    const sharing = (shareIndex: number, signature?: Signature) =>
      aShare(0, shareIndex, signature, async () => void published.push(shareIndex));
    const [good, bad] = [sharing(1), sharing(2, aShare(1, 2).signature)];
    expect(await Promise.all([take(good), take(bad)])).toEqual([true, false]);
    expect(published).toEqual([1]);
    expect([good, bad].map((share) => sent.has(sentKeyOf(share)))).toEqual([true, false]);
  });

  it("logs the good ones as a sidecar does, before they are published: those of one order and share index in one line", async () => {
    const {logger, logged} = aLogger();
    const seen: number[] = [];
    const take = createVerifyAndPublish({sent: createRecent(1000), metrics: addGatewayMetrics(), logger});
    const sharing = (of: number, shareIndex: number, signature?: Signature): NewShare => ({
      ...aShare(of, shareIndex, signature, async () => void seen.push(logged.length)),
      about: {order: "order", cluster_id: "c1"},
    });
    const first = take(sharing(0, 1));
    await Promise.all([first, take(sharing(0, 2)), take(sharing(1, 2)), take(sharing(1, 3, aShare(0, 3).signature))]);
    const about = {order: "order", cluster_id: "c1", msg: "exits signed"};
    expect(logged).toMatchObject([
      {...about, share_index: 1, exits: ["exit-0"]},
      {...about, share_index: 2, exits: ["exit-0", "exit-1"]},
    ]);
    expect(Math.min(...seen)).toBeGreaterThan(0);
  });

  it("handles a share once that is posted again while it is under way, and again after it failed", async () => {
    let tries = 0;
    const take = createVerifyAndPublish({sent: createRecent(1000), metrics: addGatewayMetrics(), logger: silent});
    const share = (): NewShare =>
      aShare(0, 1, undefined, async () => {
        tries++;
        if (tries === 1) throw new Error("unavailable");
      });
    await Promise.all([share(), share()].map((it) => expect(take(it)).rejects.toThrow("unavailable")));
    expect(await take(share())).toBe(true);
    expect(tries).toBe(2);
  });
});
