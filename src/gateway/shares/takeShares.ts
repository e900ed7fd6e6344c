import {readSignature} from "../../bls/curve.js";
import type {ErrorCode} from "../../errors.js";
import {groupBy} from "../../runtime/groupBy.js";
import {fromHex} from "../../runtime/hex.js";
import {yieldToEventLoop} from "../../runtime/yieldToEventLoop.js";
import {Problem} from "../../web/problem.js";
import {assertMayPostShare} from "../access/caller.js";
import type {Gateway} from "../gateway.js";
import {type ExitProgress, readProgress} from "../progress/readProgress.js";
import {withinPatience} from "../waiting/withinPatience.js";
import {type CheckedShare, checkPosted, type ShareSender} from "./checkPosted.js";
import type {OrderedExit} from "./filterOrdered.js";
import type {BadShare, PostedShare} from "./postedShare.js";
import {depositToSign, exitToSign, isSettled, type Signable} from "./signable.js";
import {type NewShare, sentKeyOf} from "./verifyAndPublish.js";

/** One signature of a posted share. `awaited`: what it has to sign, if anybody waits for that. */
type PostedSignature = {
  readonly posted: CheckedShare;
  readonly what: Signable["what"];
  readonly hex: string;
  readonly awaited: Signable | undefined;
  readonly order: string | undefined;
};

/**
 * Takes shares of one share index as the aggregator would: known ones cost a look-up; the others are verified under their public key
 * shares, and the good ones published as their sidecar. SHARES_REFUSED names the bad ones, which block nothing. NOT_ALLOWED when the
 * caller may not post for this index. UNAVAILABLE when it takes longer than clients wait; shares that are posted again later are known.
 */
export async function takeShares(gateway: Gateway, sender: ShareSender, shares: readonly PostedShare[]): Promise<void> {
  assertMayPostShare(sender.caller, sender.shareIndex);
  await withinPatience(takeAll(gateway, sender, shares), `${shares.length} shares are still being checked`);
}

async function takeAll(gateway: Gateway, sender: ShareSender, shares: readonly PostedShare[]): Promise<void> {
  const {metrics} = gateway;
  const bad: BadShare[] = [];
  const checked = checkPosted(gateway, sender, shares, (share) => void bad.push(share));
  const signatures = await findAwaited(gateway, checked);
  const fresh = signatures.filter(({awaited}) => !awaited || !isKnown(gateway, awaited, sender.shareIndex));
  metrics.shares.inc({outcome: "known"}, signatures.length - fresh.length);
  // What is verified together is published together, and a message carries exits or deposits.
  const byKind = [...groupBy(fresh, ({what}) => what).values()].flat();
  const codes = new Map<PostedSignature, ErrorCode | undefined>();
  await Promise.all(byKind.map(async (it) => codes.set(it, await take(gateway, it, sender.shareIndex))));
  for (const it of fresh) {
    const {posted, what: signature} = it;
    const code = codes.get(it);
    if (code) bad.push({public_key: posted.validator.publicKeyHex, signature, code});
  }
  metrics.shares.inc({outcome: "refused"}, bad.length);
  const [first] = bad;
  if (first) throw toProblem(first, bad, shares.length);
}

function toProblem(first: BadShare, bad: readonly BadShare[], posted: number): Problem {
  const {public_key, code, signature} = first;
  const refused = new Set(bad.map((it) => it.public_key)).size;
  const named = `${public_key} ${code}${signature ? ` (${signature})` : ""}`;
  return new Problem("SHARES_REFUSED", `${refused} of ${posted} shares are refused: ${named}`, {shares: bad});
}

async function findAwaited(gateway: Gateway, checked: readonly CheckedShare[]): Promise<PostedSignature[]> {
  const found = [...(await readProgress(gateway, checked)).values()];
  const progress = new Map((await withoutForbidden(gateway, found)).map((it) => [it.exit.publicKey, it]));
  return checked.flatMap((posted): PostedSignature[] => {
    const {exit, deposit} = posted.share;
    const current = progress.get(posted.validator.publicKeyHex);
    const {orders} = current ?? {};
    const toSign = current && exitToSign(current);
    const ofExit: PostedSignature = {posted, what: "exit", hex: exit, awaited: toSign, order: orders?.exit};
    if (deposit === undefined) return [ofExit];
    const awaited = current && depositToSign(current, gateway.depositRules);
    return [ofExit, {posted, what: "deposit", hex: deposit, awaited, order: orders?.deposit}];
  });
}

/** A share of an exit or a deposit that nobody ordered, or whose exit the policy does not allow, is never published. */
async function withoutForbidden(
  gateway: Gateway,
  found: readonly ExitProgress[],
): Promise<(ExitProgress & Partial<OrderedExit>)[]> {
  const {filterOrdered, filterAllowed, depositRules} = gateway;
  const isOpen = (signable: Signable | undefined): boolean => signable?.isComplete === false;
  const open = found.filter((it) => isOpen(exitToSign(it)) || isOpen(depositToSign(it, depositRules)));
  const ordered = await filterOrdered(open);
  const openExits = ordered.filter((it) => isOpen(exitToSign(it)));
  return [...without(found, open), ...without(ordered, openExits), ...(await filterAllowed(openExits))];
}

function without<T>(all: readonly T[], some: readonly T[]): T[] {
  const left = new Set(some);
  return all.filter((it) => !left.has(it));
}

/** The first share of an index stays, so nothing has to be done about another. */
const isKnown = ({sent}: Gateway, signable: Signable, shareIndex: number): boolean =>
  isSettled(signable, shareIndex) || sent.has(sentKeyOf({key: signable.key, shareIndex}));

/** Why the signature is refused; undefined when it is taken. */
async function take(
  gateway: Gateway,
  {posted, hex, awaited, order}: PostedSignature,
  shareIndex: number,
): Promise<ErrorCode | undefined> {
  if (!awaited) return "EXIT_UNKNOWN";
  await yieldToEventLoop();
  const read = readHex(hex);
  if (!read) return "SHARE_SIGNATURE_INVALID";
  const {answers, cluster, publicKeyShare} = posted;
  const isGood = await gateway.verifyAndPublish({
    key: awaited.key,
    what: awaited.what,
    about: {order, cluster_id: cluster.id},
    root: awaited.rootOf(),
    shareIndex,
    publicKeyShare,
    ...read,
    publish: () => awaited.publish(answers, read.bytes),
  });
  return isGood ? undefined : "SHARE_SIGNATURE_INVALID";
}

const signaturePattern = /^0x[0-9a-fA-F]{192}$/;

/** Undefined when it is no point of the curve. */
function readHex(hex: string): Pick<NewShare, "bytes" | "signature"> | undefined {
  if (!signaturePattern.test(hex)) return undefined;
  const bytes = fromHex(hex);
  try {
    return {bytes, signature: readSignature(bytes)};
  } catch {
    return undefined;
  }
}
