import {Type} from "typebox";
import {Compile} from "typebox/compile";
import {DvtError} from "../errors.js";
import {createHttpClient, type HttpAnswer} from "../http/client.js";
import {urlBelow} from "../http/endpoints.js";
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
  const client = createHttpClient();
  const unavailable = (reason: string, cause?: unknown): DvtError => unavailableAt(url.host, reason, cause);
  let isOfNetwork = false;

  const send = ({path, body, maxBytes = shortAnswerBytes, timeoutMs = shortTimeoutMs}: Sent): Promise<HttpAnswer> =>
    client({
      url: urlBelow(url, `eth/v1/${path}`),
      headers: {accept: "application/json"},
      body,
      maxBytes,
      reads: [200, 404],
      signal,
      timeoutMs,
    }).catch((error: Error) => {
      throw unavailable(error.message, error);
    });
  const ask = async <T>({answer, since, ...question}: Question<T>): Promise<T | undefined> => {
    const {status, body} = await send(question);
    if (status !== 200 && status !== 404) throw unavailable(notServed(status, question.path, since));
    const value = parse(body);
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
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A node is told by its host: path, query and login of its URL may be keys. */
export const unavailableAt = (host: string, reason: string, cause?: unknown): DvtError =>
  new DvtError("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`, {cause});
