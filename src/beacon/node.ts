import {Type} from "typebox";
import {Compile} from "typebox/compile";
import {DvtError} from "../errors.js";
import {basicLoginOf} from "../runtime/basicLogin.js";
import {toHex} from "../runtime/hex.js";

/** What tells one network from another. */
export type BeaconNetwork = {
  readonly name: string;
  /** 32 bytes */
  readonly genesisValidatorsRoot: Uint8Array;
};

type Question<T> = {
  /** Under /eth/v1/. */
  readonly path: string;
  readonly answer: {Check(value: unknown): value is T};
  /** It is posted, as JSON. */
  readonly body?: unknown;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** The version of the beacon API that has this route, where nodes are in use that lack it. */
  readonly since?: string;
};

type Sent = Omit<Question<unknown>, "answer" | "since">;
type Said = {readonly status: number; readonly text: string};

/** One beacon node. What is asked of it in one operation is asked of no other. */
export type BeaconNode = {
  readonly host: string;
  /** Undefined: it has no such thing. CONSENSUS_UNAVAILABLE whenever it does not clearly say. */
  ask<T>(question: Question<T>): Promise<T | undefined>;
  /** CONSENSUS_CHAIN_MISMATCH when it is of another network. */
  checkNetwork(): Promise<void>;
};

export type NodeOptions = {
  readonly network: BeaconNetwork;
  /** What is being asked ends with it. */
  readonly signal: AbortSignal;
  /** For one answer. */
  readonly timeoutMs?: number;
};

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/genesis.yaml
const GenesisAnswer = Compile(Type.Object({data: Type.Object({genesis_validators_root: Type.String()})}));
/** What stands behind a wrong path answers 404 too; a beacon node says it in these words. */
const NotFound = Compile(Type.Object({message: Type.String()}));

const shortAnswerBytes = 65_536;

export function createNode(url: URL, {network, signal, timeoutMs: shortTimeoutMs = 5000}: NodeOptions): BeaconNode {
  const {base, query, headers} = readEndpoint(url);
  const unavailable = (reason: string, cause?: unknown): DvtError => unavailableAt(url.host, reason, cause);
  let isOfNetwork = false;

  const send = async ({path, body, maxBytes, timeoutMs}: Sent): Promise<Said> => {
    const posted = body !== undefined && {method: "POST", body: JSON.stringify(body)};
    const ends = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs ?? shortTimeoutMs)]);
    try {
      const response = await fetch(`${base}/eth/v1/${path}${query}`, {
        headers: {...headers, ...(posted && {"content-type": "application/json"})},
        ...{redirect: "error", signal: ends, ...posted},
      });
      return {status: response.status, text: await readBody(response, maxBytes ?? shortAnswerBytes)};
    } catch (cause) {
      throw unavailable(reasonOf(cause), cause);
    }
  };
  const ask = async <T>({answer, since, ...question}: Question<T>): Promise<T | undefined> => {
    const {status, text} = await send(question);
    if (status !== 200 && status !== 404) throw unavailable(notServed(status, question.path, since));
    const value = parse(text);
    if (status === 404) {
      if (NotFound.Check(value)) return undefined;
      throw unavailable(notServed(status, question.path, since));
    }
    if (!answer.Check(value)) throw unavailable(`its answer to ${question.path} is not the beacon API's`);
    return value;
  };

  return {
    host: url.host,
    ask,
    /** A node of another network knows none of our validators, which would pass for "not on the chain yet". */
    async checkNetwork() {
      if (isOfNetwork) return;
      const genesis = await ask({path: "beacon/genesis", answer: GenesisAnswer});
      if (!genesis) throw unavailable("it does not know its genesis yet");
      isOfNetwork = genesis.data.genesis_validators_root.toLowerCase() === toHex(network.genesisValidatorsRoot);
      if (isOfNetwork) return;
      throw new DvtError("CONSENSUS_CHAIN_MISMATCH", `ask beacon node ${url.host}: it is not of ${network.name}`);
    },
  };
}

/** Its answer to what it should serve. */
export const notServed = (status: number, path: string, since?: string): string =>
  `it answers ${status} to ${path}${since === undefined ? "" : `, which the beacon API has since ${since}: is it up to date?`}`;

/** Undefined: it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A node is told by its host: path, query and login of its URL may be keys. */
export const unavailableAt = (host: string, reason: string, cause?: unknown): DvtError =>
  new DvtError("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`, {cause});

function readEndpoint(url: URL): {base: string; query: string; headers: Record<string, string>} {
  const authorization = basicLoginOf(url);
  return {
    base: url.origin + url.pathname.replace(/\/+$/, ""),
    query: url.search,
    headers: {
      accept: "application/json",
      ...(authorization && {authorization}),
    },
  };
}

async function readBody(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw new RangeError("its answer is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function reasonOf(error: unknown): string {
  if (error instanceof RangeError) return "its answer is too long";
  if (error instanceof Error && error.name === "TimeoutError") return "it does not answer in time";
  const {code} = ((error as Error).cause ?? {}) as {code?: unknown};
  return typeof code === "string" ? `it cannot be reached (${code})` : "it cannot be read";
}
