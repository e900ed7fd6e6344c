import {DvtError} from "../errors.js";
import {adviceOf, isOfChange} from "../execution/revertAdvice.js";
import type {SentTransaction} from "../execution/sendTransaction.js";
import {dearnessOf} from "../execution/tooDear.js";
import {transact} from "../execution/transact.js";
import {toRotationCall} from "../execution/vaultCalls.js";
import type {ProtocolConfig} from "../oracles/protocolConfig.js";
import type {RotationParts} from "./rotationParts.js";
import type {ActiveValidator, RotationObstacle} from "./steps.js";

/**
 * What became of a batch. `lacking`: exits that did not come, of those asked for. "again": at once, because something has changed
 * meanwhile; `replaces` may still come into a block, and can do nothing any more.
 */
export type RotatedBatch =
  | {readonly is: "rotated"; readonly hash: string; readonly publicKeys: readonly string[]; readonly lacking?: RotationObstacle}
  | {readonly is: "again"; readonly replaces?: SentTransaction | undefined}
  | ({readonly is: "obstacle"} & {readonly obstacle: RotationObstacle});

type Options = {
  readonly validators: readonly ActiveValidator[];
  readonly config: ProtocolConfig;
  readonly replaces: SentTransaction | undefined;
  readonly signal: AbortSignal;
};

/**
 * Renews the exits of so many validators as the oracles approve at once: from the request on the bus to the transaction.
 * OPERATION_REVERTED if the Keeper refuses it for another reason than a change meanwhile; errors of wallet, nodes and bus.
 */
export async function rotateBatch(parts: RotationParts, options: Options): Promise<RotatedBatch> {
  const {vaultChain, keeper, oracles, approvalsOf, wallet, limits, tell} = parts;
  const {validators, config, signal, replaces} = options;
  const {vault} = vaultChain;
  const began = performance.now();
  const {completed, rejected, missing} = await parts.request(
    validators.map((it) => ({...it, rotation: true})),
    signal,
  );
  signal.throwIfAborted();
  if (oracles.current().configHash !== config.oracleSet.configHash) {
    tell({step: "oracles changed"});
    return {is: "again", replaces};
  }
  const lacking = rejected.length + missing.length > 0 ? ({why: "exits", rejected, missing} as const) : undefined;
  const exits = completed.map(({exit, result}) => ({
    publicKey: exit.publicKey,
    publicKeyShards: result.public_keys,
    exitSignatureShards: result.encrypted_exit_signatures,
  }));
  if (lacking && exits.length === 0) return {is: "obstacle", obstacle: lacking};
  tell({step: "exits ready", validators: exits.length, ms: Math.round(performance.now() - began)});

  const asked = performance.now();
  // Now, because an earlier batch has raised the nonce.
  const {nonce, validatorsMinOracles: minOracles} = await vaultChain.readRotation();
  const deadline = Math.floor(Date.now() / 1000) + config.signatureValidityS;
  const answer = await approvalsOf(config).approveRotation({vault, exits, nonce, deadline}, {minOracles, signal});
  if (answer.outcome === "lacking") return {is: "obstacle", obstacle: {why: "oracles", lacking: answer}};
  tell({step: "approved", oracles: minOracles, ms: Math.round(performance.now() - asked)});

  // A rotation raises the nonce itself, and no transaction does anything with an earlier one: of two, one is void.
  const findVoid = async () => {
    if (answer.deadline * 1000 <= Date.now()) return "deadline" as const;
    return (await vaultChain.readRotation()).nonce === nonce ? undefined : ("overtaken" as const);
  };
  const done = await transact(wallet, toRotationCall(keeper, {vault, approval: answer}), {
    limits,
    findVoid,
    replaces,
    tell,
    signal,
  });
  switch (done.is) {
    case "done":
      return {is: "rotated", hash: done.hash, publicKeys: exits.map(({publicKey}) => publicKey), ...(lacking && {lacking})};
    case "void":
      if (done.why === "overtaken") tell({step: "overtaken"});
      return {is: "again", replaces: done.sent};
    case "failed":
    case "nonce taken":
      return {is: "again"};
    case "fees":
      return {is: "obstacle", obstacle: {why: "fees", ...dearnessOf(done)}};
    case "reverted":
      if (isOfChange(done.revert)) return {is: "obstacle", obstacle: {why: "reverted", revert: done.revert}};
      throw new DvtError("OPERATION_REVERTED", `renew exits of vault ${vault}: the Keeper refuses: ${adviceOf(done.revert)}`);
  }
}
