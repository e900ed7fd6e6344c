import {Type} from "typebox";
import {Compile} from "typebox/schema";
import {DvtError} from "../errors.js";
import {createHttpClient, type HttpAnswer} from "../http/client.js";
import {urlBelow} from "../http/endpoints.js";
import {toHex} from "../runtime/hex.js";

/** What identifies a network. */
export type BeaconNetwork = {
  readonly name: string;
  /** 32 bytes */
  readonly genesisValidatorsRoot: Uint8Array;
};

type BeaconRequest<T> = {
  /** Under /eth/v1/. */
  readonly path: string;
  readonly answer: {Check(value: unknown): value is T};
  /** The body of a POST, sent as JSON. */
  readonly body?: unknown;
  readonly maxBytes?: number;
  readonly timeoutMs?: number;
  /** The first version of the beacon API with this route, if nodes without it are still in use. */
  readonly since?: string;
};

type SentRequest = Omit<BeaconRequest<unknown>, "answer" | "since">;

/** One beacon node; all requests of an operation go to the same one. */
export type BeaconNode = {
  readonly host: string;
  /** Sends a request; undefined if the node does not have the object, CONSENSUS_UNAVAILABLE without a clear answer. */
  ask<T>(question: BeaconRequest<T>): Promise<T | undefined>;
  /** CONSENSUS_CHAIN_MISMATCH if it belongs to another network. */
  checkNetwork(): Promise<void>;
};

/** The options of a node. */
export type NodeOptions = {
  readonly network: BeaconNetwork;
  /** Aborts requests. */
  readonly signal: AbortSignal;
  /** The timeout for one response. */
  readonly timeoutMs?: number;
};

// https://github.com/ethereum/beacon-APIs/blob/v3.1.0/apis/beacon/genesis.yaml
const GenesisAnswer = Compile(Type.Object({data: Type.Object({genesis_validators_root: Type.String()})}));
/** Any server answers 404 for a wrong path; a beacon node does so in these words. */
const NotFound = Compile(Type.Object({message: Type.String()}));

const shortAnswerBytes = 65_536;

export function createNode(url: URL, {network, signal, timeoutMs: shortTimeoutMs = 5000}: NodeOptions): BeaconNode {
  const client = createHttpClient();
  const unavailable = (reason: string, cause?: unknown): DvtError => unavailableAt(url.host, reason, cause);
  let isOfNetwork = false;

  const send = ({path, body, maxBytes = shortAnswerBytes, timeoutMs = shortTimeoutMs}: SentRequest): Promise<HttpAnswer> =>
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
  const ask = async <T>({answer, since, ...question}: BeaconRequest<T>): Promise<T | undefined> => {
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
    /** A node of another network has none of our validators, which would look like "not on the chain yet". */
    async checkNetwork() {
      if (isOfNetwork) return;
      const genesis = await ask({path: "beacon/genesis", answer: GenesisAnswer});
      if (!genesis) throw unavailable("it does not know its genesis yet");
      isOfNetwork = genesis.data.genesis_validators_root.toLowerCase() === toHex(network.genesisValidatorsRoot);
      if (isOfNetwork) return;
      throw new DvtError("CONSENSUS_CHAIN_MISMATCH", `ask beacon node ${url.host}: it does not belong to ${network.name}`);
    },
  };
}

/** Describes a status for a route that the node should serve. */
export const notServed = (status: number, path: string, since?: string): string =>
  `it answers ${status} to ${path}${since === undefined ? "" : `, which the beacon API has since ${since}: is it up to date?`}`;

/** Undefined if it is not JSON. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** The error for a node, named by its host only: path, query and login of its URL may be keys. */
export const unavailableAt = (host: string, reason: string, cause?: unknown): DvtError =>
  new DvtError("CONSENSUS_UNAVAILABLE", `ask beacon node ${host}: ${reason}`, {cause});
