import {type Static, Type} from "typebox";
import {consolidationDigest, registrationDigest, rotationDigest} from "../execution/oracleSignatures.js";
import {assertMinOracles, type Oracle, type ProtocolConfig} from "../oracles/protocolConfig.js";
import {toChecksumAddress} from "../runtime/checksumAddress.js";
import {findIndexes} from "./findIndexes.js";
import {gatherSignatures, toVote, type Vote} from "./gatherSignatures.js";
import {AnswerError} from "./oracleFailure.js";
import type {ApprovalTerms, Approved, Found, Lacking} from "./outcome.js";
import {
  type ConsolidationRequest,
  type ExitToApprove,
  type RegistrationRequest,
  type RotationRequest,
  toConsolidationBody,
  toRegistrationBody,
  toRotationBody,
} from "./requestBodies.js";

type Asking = {
  /** Ends all requests; the call rejects with its reason. */
  readonly signal: AbortSignal;
  /** For all oracles together; each replica of an oracle has an equal part of it. */
  readonly timeoutMs?: number;
};
/** `minOracles`: the Keeper's `validatorsMinOracles`. ORACLES_CONFIG_INVALID if the config contradicts it. */
type Approving = Asking & {readonly minOracles: number};

/**
 * Asks StakeWise's oracles, once each time it is called. What has come of it is the outcome, also if no oracle answers. A request that
 * has not one shard for each oracle, or is for more validators than the config allows, throws, as a bug of the caller.
 */
export type Approvals = {
  /** In at most 10 s, if nothing else is asked for. */
  approveRegistration(request: RegistrationRequest, options: Approving): Promise<Approved | Lacking>;
  /**
   * Finds validators of the vault whose exits are to be rotated. `sinceBlock`: that of the Keeper's last `ExitSignaturesUpdated` of the
   * vault; oracles that do not know it yet do not count. At most 10 s.
   */
  findOutdated(vault: string, options: Approving & {readonly sinceBlock: number | undefined}): Promise<Found | Lacking<object>>;
  /** At most 60 s, because a rotation may be of many exits. */
  approveRotation(request: RotationRequest, options: Approving): Promise<Approved | Lacking>;
  /** Finds validators, of all vaults, that the oracles are making exit. At most 10 s. */
  findExiting(options: Asking): Promise<Found | Lacking<object>>;
  /** At most 10 s. */
  approveConsolidation(request: ConsolidationRequest, options: Approving): Promise<Approved<object> | Lacking<object>>;
};

type Options = {
  readonly config: ProtocolConfig;
  /** The Keeper's address, 20 bytes in hex with 0x. */
  readonly keeper: string;
  readonly chainId: number;
};

const timeoutMs = 10_000;
const rotationTimeoutMs = 60_000;
const smallAnswer = 64 * 1024;
const listAnswer = 4 * 1024 * 1024;

/** A CID is letters and digits in each of its encodings that are in use. Python's hex may be without 0x. */
const VoteAnswer = Type.Object({
  ipfs_hash: Type.String({pattern: "^[A-Za-z0-9]{1,128}$"}),
  signature: Type.String({pattern: "^(0x)?[0-9a-fA-F]{130}$"}),
  deadline: Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER}),
});
const SignatureAnswer = Type.Pick(VoteAnswer, ["signature"]);
const Index = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});
const IndexList = Type.Array(Type.Object({index: Index}));
const OutdatedAnswer = Type.Object({exit_signature_block_number: Type.Union([Index, Type.Null()]), validators: IndexList});

/** Creates what asks the oracles of one config; after a change of the config, another one. */
export function createApprovals({config, keeper, chainId}: Options): Approvals {
  const {oracles, batchLimits} = config;
  const verifier = {chainId, contract: keeper};
  const approve = async (
    asked: {readonly path?: string; readonly body: Uint8Array; readonly deadline: number},
    digestOf: (terms: ApprovalTerms) => string,
    {minOracles, ...limits}: Approving & {readonly timeoutMs: number},
  ): Promise<Approved | Lacking> => {
    const {deadline, ...request} = asked;
    const take = (answer: Static<typeof VoteAnswer>, oracle: Oracle): Promise<Vote<ApprovalTerms>> => {
      const terms = {ipfsHash: answer.ipfs_hash, deadline: answer.deadline};
      assertDeadline(answer.deadline, deadline);
      return toVote(oracle, terms, {digest: digestOf(terms), signature: answer.signature});
    };
    return gatherSignatures(oracles, {...request, maxBytes: smallAnswer, schema: VoteAnswer, take, ...limits}, minOracles);
  };

  return {
    async approveRegistration(request, options) {
      assertMinOracles(config, options.minOracles);
      assertFits(request.registrations, oracles, batchLimits.registration);
      const {validatorsRegistryRoot, vault, validators, deadline} = request;
      const digestOf = (terms: ApprovalTerms) =>
        registrationDigest(verifier, {validatorsRegistryRoot, vault, validators, ...terms});
      return approve({body: toRegistrationBody(request), deadline}, digestOf, {timeoutMs, ...options});
    },
    async findOutdated(vault, {minOracles, sinceBlock = 0, ...limits}) {
      assertMinOracles(config, minOracles);
      const take = ({exit_signature_block_number: block, validators}: Static<typeof OutdatedAnswer>): number[] => {
        if (block !== null && block >= sinceBlock) return validators.map(({index}) => index);
        const known = block === null ? "it knows no exits of the vault" : `it knows the vault's exits up to block ${block}`;
        throw new AnswerError("behind", sinceBlock === 0 ? known : `${known}, and block ${sinceBlock} is needed`);
      };
      const path = `signatures/${toChecksumAddress(vault)}`;
      return findIndexes(config, {path, maxBytes: listAnswer, schema: OutdatedAnswer, take, timeoutMs, ...limits}, minOracles);
    },
    async approveRotation(request, options) {
      assertMinOracles(config, options.minOracles);
      assertFits(request.exits, oracles, batchLimits.rotation);
      const {vault, nonce, deadline} = request;
      const digestOf = (terms: ApprovalTerms) => rotationDigest(verifier, {vault, nonce, ...terms});
      const asked = {path: "signatures", body: toRotationBody(request), deadline};
      return approve(asked, digestOf, {timeoutMs: rotationTimeoutMs, ...options});
    },
    async findExiting(limits) {
      const take = (answer: Static<typeof IndexList>): number[] => answer.map(({index}) => index);
      const question = {path: "exits", maxBytes: listAnswer, schema: IndexList, take, timeoutMs, ...limits};
      return findIndexes(config, question, config.oracleSet.threshold);
    },
    async approveConsolidation(request, {minOracles, ...limits}) {
      assertMinOracles(config, minOracles);
      assertCount(request.targets.length, batchLimits.consolidation);
      const {vault, validators, checker} = request;
      const digest = consolidationDigest({chainId, contract: checker}, {vault, validators});
      const take = ({signature}: Static<typeof SignatureAnswer>, oracle: Oracle): Promise<Vote<object>> =>
        toVote(oracle, {}, {digest, signature});
      const asked = {path: "consolidate-validators", body: toConsolidationBody(request), maxBytes: smallAnswer};
      return gatherSignatures(oracles, {...asked, schema: SignatureAnswer, take, timeoutMs, ...limits}, minOracles);
    },
  };
}

/** The Keeper refuses what is over, and who asked signs nothing that is valid for longer than asked. */
function assertDeadline(deadline: number, asked: number): void {
  if (deadline > asked) throw new AnswerError("wrong deadline", `its deadline ${deadline} is later than the ${asked} asked for`);
  if (deadline * 1000 <= Date.now()) throw new AnswerError("wrong deadline", `its deadline ${deadline} is over`);
}

function assertFits(exits: readonly ExitToApprove[], oracles: readonly Oracle[], limit: number): void {
  assertCount(exits.length, limit);
  for (const {publicKey, publicKeyShards, exitSignatureShards} of exits) {
    if (publicKeyShards.length === oracles.length && exitSignatureShards.length === oracles.length) continue;
    throw new Error(
      `ask the oracles: the exit of ${publicKey} does not have one shard for each of the ${oracles.length} oracles`,
    );
  }
}

function assertCount(count: number, limit: number): void {
  if (count < 1 || count > limit) throw new Error(`ask the oracles: for ${count} validators, but a request is for 1 to ${limit}`);
}
