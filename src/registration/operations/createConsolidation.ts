import type {Network} from "../../consensus/networks.js";
import type {ManagerChain} from "../../execution/managerChain.js";
import {toConsolidationCall} from "../../execution/vaultCalls.js";
import {maxValidatorGwei} from "../../vaults/amounts.js";
import type {ChainRequests} from "../../vaults/chainValidators.js";
import {findRefusedConsolidations, type RefusedKey} from "../../vaults/findRefused.js";
import type {Consolidation, ValidatorsManager} from "../../vaults/validatorsManager.js";
import type {VaultRules} from "../../vaults/vaultRules.js";
import {encodeConsolidations} from "../../vaults/vaultValidators.js";
import type {Operation} from "./operation.js";
import {whyNotRequested} from "./whyNotRequested.js";

type Parts = {
  readonly network: Pick<Network, "name" | "shardCommitteePeriod">;
  readonly rules: VaultRules;
  readonly whyNotKey: (publicKey: string) => string | undefined;
  readonly manager: Pick<ValidatorsManager, "findForeign" | "signConsolidation">;
  readonly requests: Pick<ChainRequests, "findConsolidated">;
  readonly chain: Pick<ManagerChain, "findCompounding">;
  /** The contract that the vault asks about the oracles' signatures, 20 bytes in hex with 0x. */
  readonly checker: string;
  /** The most switches that the oracles approve at once. */
  readonly limit: () => number;
};

/**
 * Consolidations, or switches of 0x01 validators to 0x02: each of those is its own target, and the oracles have to approve them. Keys in
 * lower-case hex with 0x.
 */
export function createConsolidation(parts: Parts, consolidations: readonly Consolidation[]): Operation {
  const {rules, manager, checker} = parts;
  const {vault} = rules;
  const validators = encodeConsolidations(consolidations);
  const switches = consolidations.filter(isSwitch);
  return {
    kind: "consolidate",
    requests: consolidations.length,
    async findObstacle() {
      const refused = whyNotMixed(switches.length, consolidations.length, parts.limit()) ?? [
        ...(await findRefusedConsolidations(consolidations, parts)),
      ];
      if (refused.length > 0) return {why: "refused", refused};
      const useless = await findUseless(parts, consolidations);
      return useless.length > 0 ? {why: "refused", refused: useless} : undefined;
    },
    async approve({approvals, minOracles, signal}) {
      if (switches.length === 0) return "0x";
      const request = {vault, checker, targets: switches.map(({target}) => target), validators};
      const answer = await approvals.approveConsolidation(request, {minOracles, signal});
      return answer.outcome === "approved" ? answer.signatures : {why: "oracles", lacking: answer};
    },
    sign: (at) => manager.signConsolidation(vault, consolidations, at),
    toCall: ({managerSignature, oracleSignatures, value}) =>
      toConsolidationCall({vault, validators, managerSignature}, {value, oracleSignatures}),
  };
}

const isSwitch = ({source, target}: Consolidation): boolean => source === target;

/** The oracles sign all bytes of a transaction, so all of it has to be for them to approve. */
function whyNotMixed(switches: number, all: number, limit: number): readonly RefusedKey[] | undefined {
  if (switches > 0 && switches < all) {
    return [{publicKey: undefined, reason: "a switch to 0x02 and a consolidation into another validator are two commands"}];
  }
  if (switches <= limit) return undefined;
  return [{publicKey: undefined, reason: `the oracles approve ${limit} switches to 0x02 at once, not ${switches}`}];
}

/**
 * Finds what the chain would drop, which costs its fee all the same, or the vault refuse.
 * https://github.com/ethereum/consensus-specs/blob/v1.5.0/specs/electra/beacon-chain.md#new-process_consolidation_request
 */
async function findUseless(
  {network, requests, chain}: Parts,
  consolidations: readonly Consolidation[],
): Promise<readonly RefusedKey[]> {
  const keys = [...new Set(consolidations.flatMap(({source, target}) => [source, target]))];
  const sources = new Set(consolidations.map(({source}) => source));
  const targets = consolidations.filter((it) => !isSwitch(it)).map(({target}) => target);
  const [{validators, isQueueFull}, compounding] = await Promise.all([
    requests.findConsolidated(keys),
    chain.findCompounding([...new Set(targets)]),
  ]);
  // A switch has no place in that queue.
  if (isQueueFull && targets.length > 0) return [{publicKey: undefined, reason: "the chain's queue of consolidations is full"}];
  const byKey = new Map(validators.map((it) => [it.publicKey, it]));
  const balanceAfter = (target: string): number =>
    [target, ...consolidations.filter((it) => it.target === target).map(({source}) => source)].reduce(
      (sum, key) => sum + (byKey.get(key)?.balance ?? 0),
      byKey.get(target)?.coming ?? 0,
    );
  const whyNot = (key: string): string | undefined => {
    const state = byKey.get(key);
    const isSwitched = consolidations.some((it) => isSwitch(it) && it.source === key);
    const isSource = sources.has(key) && !isSwitched;
    const dropped = whyNotRequested(state, isSource ? network.shardCommitteePeriod : 0);
    if (!state || dropped !== undefined) return dropped;
    if (isSource && state.leaving > 0) {
      return `${state.leaving} gwei wait to be withdrawn from it: the chain consolidates it after that`;
    }
    const is0x02 = state.withdrawalCredentials.startsWith("0x02");
    if (isSwitched) return is0x02 ? "it is 0x02 already" : undefined;
    if (!targets.includes(key)) return undefined;
    if (sources.has(key)) return "it is a target, and ends as a source";
    if (!is0x02) return "a target has to be 0x02: switch it first";
    if (!compounding.has(key)) return "the vault does not know it as a 0x02 validator";
    const after = balanceAfter(key);
    const most = maxValidatorGwei[network.name];
    return after <= most
      ? undefined
      : `with its sources, and those that wait already, it would have ${after} gwei, more than ${most}`;
  };
  return keys.flatMap((publicKey): RefusedKey[] => {
    const reason = whyNot(publicKey);
    return reason === undefined ? [] : [{publicKey, reason}];
  });
}
