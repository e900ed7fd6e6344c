import type {IncomingMessage} from "node:http";
import {setTimeout as delay} from "node:timers/promises";
import type {Static, TSchema} from "typebox";
import {Check} from "typebox/schema";
import type {Hex, TypedDataDefinition} from "viem";
import {generatePrivateKey, publicKeyOf} from "../../ecies/keys.js";
import {toHex} from "../../runtime/hex.js";
import {startLoopbackServer} from "../servers/loopbackServer.js";
import {toIpfsFile} from "./ipfsFile.js";
import {accountOf} from "./oracleMessages.js";
import {
  ApprovalRequest,
  ConsolidationRequest,
  createOracleRules,
  type OracleRules,
  type OracleWorld,
  Refusal,
  RotationRequest,
} from "./oracleRules.js";

/** What an oracle does differently; nothing: what it should. */
export type Behaviour = {
  /** It answers so much later. */
  readonly slowMs?: number;
  /** It never answers. */
  readonly hangs?: boolean;
  /** It answers 400 with this reason, whatever it is asked. */
  readonly refuses?: string;
  /** It answers so, without a look at the request; a text is sent as it is. */
  readonly answers?: {readonly status: number; readonly body: unknown};
  /** It signs and answers a deadline so many seconds later than the one it was asked for. */
  readonly deadlineLater?: number;
  /** It signs and answers this IPFS hash in place of that of the shards. */
  readonly ipfsHash?: string;
  /** Its signature is of another key. */
  readonly lies?: boolean;
  /** It has not seen a rotation since this block; null: none at all. */
  readonly sawRotation?: number | null;
};

/** One request: when it came (ms), what it asked, and the status of the answer, once there is one. */
export type Asked = {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  status?: number;
};

/** One server of an oracle. */
export type Replica = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly asked: Asked[];
  /** From now on, and until it is told another. */
  behave(behaviour: Behaviour): void;
  /** From now on connections to it are refused. */
  stop(): Promise<void>;
};
export type PlayedOracle = {
  /** In the mixed case of EIP-55. */
  readonly address: Hex;
  readonly privateKey: Uint8Array;
  readonly replicas: readonly Replica[];
  /** What all replicas were asked. */
  asked(): Asked[];
  /** All its replicas. */
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
};
export type PlayedOracles = {
  readonly all: readonly PlayedOracle[];
  /** As StakeWise publishes it. */
  readonly config: Record<string, unknown>;
  readonly rules: OracleRules;
  /** From now on the exits of these indexes of the vault are to be rotated. */
  outdate(vault: string, indexes: readonly number[]): void;
  /** From now on these are the indexes whose exits the oracles hold. */
  hold(indexes: readonly number[]): void;
  /** When this many requests have come to all of them together, since they started. */
  untilAsked(count: number): Promise<void>;
  stop(): Promise<void>;
};
type Options = Pick<OracleWorld, "anvil" | "stakeWise" | "network" | "threshold"> &
  Partial<Pick<OracleWorld, "validityPeriod" | "approvalLimit" | "rotationLimit">> & {
    /** Of 32 bytes each, in the config's order. */
    readonly keys: readonly Uint8Array[];
    /** Of each oracle; 1 unless it is said. */
    readonly replicas?: number;
    /** Puts a file on IPFS and returns its CID; unless it is said, only the CID is made. */
    readonly upload?: (text: string) => Promise<string>;
  };

export const makeOracleKeys = (count: number): Uint8Array[] => Array.from({length: count}, generatePrivateKey);

/** Plays StakeWise's oracles on loopback: they check what they can of a request, and sign it. */
export async function startOracles({
  keys,
  replicas: replicaCount = 1,
  upload = async (text) => (await toIpfsFile(text)).cid,
  ...options
}: Options): Promise<PlayedOracles> {
  const world = {validityPeriod: 600, approvalLimit: 10, rotationLimit: 10, ...options, count: keys.length};
  const rules = createOracleRules(world);
  const outdated = new Map<string, readonly number[]>();
  let held: readonly number[] = [];
  const waiting = new Set<() => void>();
  const lookAll = (): void => {
    for (const look of waiting) look();
  };
  const shared = {rules, outdated, upload, held: () => held, onAsked: lookAll};
  const all = await Promise.all(
    keys.map(async (privateKey, position) =>
      toOracle(
        privateKey,
        await Promise.all(Array.from({length: replicaCount}, () => startReplica({privateKey, position}, shared))),
      ),
    ),
  );
  return {
    all,
    rules,
    config: {
      oracles: all.map(({privateKey, replicas}) => {
        return {public_key: toHex(publicKeyOf(privateKey)), endpoints: replicas.map(({url}) => url)};
      }),
      exit_signature_recover_threshold: world.threshold,
      signature_validity_period: world.validityPeriod,
      validators_approval_batch_limit: world.approvalLimit,
      validators_exit_rotation_batch_limit: world.rotationLimit,
      force_withdrawals_period: 86_400,
    },
    stop: async () => void (await Promise.all(all.map((oracle) => oracle.stop()))),
    outdate: (vault, indexes) => void outdated.set(vault.toLowerCase(), indexes),
    hold(indexes) {
      held = indexes;
    },
    untilAsked: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (all.flatMap((oracle) => oracle.asked()).length < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

const toOracle = (privateKey: Uint8Array, replicas: readonly Replica[]): PlayedOracle => ({
  address: accountOf(privateKey).address,
  privateKey,
  replicas,
  asked: () => replicas.flatMap(({asked}) => asked).sort((left, right) => left.at - right.at),
  behave(behaviour) {
    for (const replica of replicas) replica.behave(behaviour);
  },
  stop: async () => void (await Promise.all(replicas.map((replica) => replica.stop()))),
});

type Self = {readonly privateKey: Uint8Array; readonly position: number};
type Shared = {
  readonly rules: OracleRules;
  readonly outdated: ReadonlyMap<string, readonly number[]>;
  readonly held: () => readonly number[];
  readonly upload: (text: string) => Promise<string>;
  readonly onAsked: () => void;
};
type Answer = {readonly status: number; readonly body: unknown};

async function startReplica(self: Self, shared: Shared): Promise<Replica> {
  const asked: Asked[] = [];
  let behaviour: Behaviour = {};
  const server = await startLoopbackServer(async (request, response) => {
    const body = await readJson(request);
    const {method = "", url: path = ""} = request;
    const one: Asked = {at: Date.now(), method, path, body};
    asked.push(one);
    shared.onAsked();
    const {slowMs, hangs} = behaviour;
    if (hangs) return;
    const answer = await answerTo(one, {self, shared, behaviour});
    if (slowMs !== undefined) await delay(slowMs, undefined, {ref: false});
    one.status = answer.status;
    const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
    response.writeHead(answer.status, {"content-type": "application/json"}).end(text);
  });
  return {
    ...server,
    asked,
    behave(told) {
      behaviour = told;
    },
  };
}

type Answering = {readonly self: Self; readonly shared: Shared; readonly behaviour: Behaviour};

async function answerTo({method, path, body}: Asked, {self, shared, behaviour}: Answering): Promise<Answer> {
  if (behaviour.answers) return behaviour.answers;
  if (behaviour.refuses !== undefined) return {status: 400, body: {message: behaviour.refuses}};
  const {rules} = shared;
  const approve = async (asking: ApprovalRequest | RotationRequest, toSign: typeof rules.approval | typeof rules.rotation) => {
    const deadline = asking.deadline + (behaviour.deadlineLater ?? 0);
    const ipfsHash = behaviour.ipfsHash ?? (await shared.upload(toShardsFile(asking)));
    const signature = await sign(self, behaviour, await toSign(self, asking as never, {ipfsHash, deadline}));
    return {ipfs_hash: ipfsHash, signature, deadline};
  };
  try {
    if (method === "POST" && path === "/") return ok(await approve(checked(ApprovalRequest, body), rules.approval));
    if (method === "POST" && path === "/signatures") return ok(await approve(checked(RotationRequest, body), rules.rotation));
    if (method === "POST" && path === "/consolidate-validators") {
      const toSign = await rules.consolidation(checked(ConsolidationRequest, body));
      return ok({signature: await sign(self, behaviour, toSign)});
    }
    if (method === "GET" && path === "/exits") return ok(shared.held().map((index) => ({index})));
    const [, vault] = /^\/signatures\/(0x[0-9a-fA-F]{40})$/.exec(path) ?? [];
    if (method === "GET" && vault !== undefined) {
      const {sawRotation} = behaviour;
      const validators = (shared.outdated.get(vault.toLowerCase()) ?? []).map((index) => ({index}));
      const block = sawRotation === undefined ? await rules.exitsBlock(vault) : sawRotation;
      return ok({exit_signature_block_number: block, validators});
    }
    return {status: 404, body: {message: "no such path"}};
  } catch (error) {
    if (error instanceof Refusal) return {status: 400, body: {message: error.message}};
    // A test sees why.
    return {status: 500, body: {message: `${error}`}};
  }
}

const ok = (body: unknown): Answer => ({status: 200, body});

function checked<T extends TSchema>(schema: T, body: unknown): Static<T> {
  if (!Check(schema, body)) throw new Refusal("the request has not the fields that it should");
  return body as never;
}

const sign = ({privateKey}: Self, {lies = false}: Behaviour, toSign: TypedDataDefinition): Promise<Hex> =>
  accountOf(lies ? generatePrivateKey() : privateKey).signTypedData(toSign);

/** Of what the oracles put on IPFS together, the same for the same request. */
function toShardsFile({vault_address, public_keys, public_key_shards, exit_signature_shards}: RotationRequest): string {
  return JSON.stringify({vault_address, public_keys, public_key_shards, exit_signature_shards});
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
