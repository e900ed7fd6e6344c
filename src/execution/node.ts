import {setTimeout as delay} from "node:timers/promises";
import {type Client, createClient, http} from "viem";
import {getChainId} from "viem/actions";
import {DvtError} from "../errors.js";
import {EndpointError, toEndpointError} from "./failure.js";

/** The name and id of a chain. */
export type Chain = {readonly name: string; readonly chainId: number};

/** One endpoint; all requests of an operation go to the same one. */
export type ExecutionNode = {
  readonly host: string;
  /** Sends one request; retries with growing delays after "too many requests", then throws an EndpointError. */
  ask<T>(question: (client: Client) => Promise<T>): Promise<T>;
  /** EXECUTION_CHAIN_MISMATCH if it serves another chain. */
  checkChain(): Promise<void>;
};

/** The timing of requests. */
export type NodeOptions = {
  /** The timeout for one response. */
  readonly timeoutMs?: number;
  /** The delay after the first "too many requests", doubled each time. */
  readonly laterMs?: number;
};

/** The options of a connection; the signal aborts requests. */
export type ConnectionOptions = NodeOptions & {readonly chain: Chain; readonly signal: AbortSignal};

/** How often a request is retried after "too many requests". */
const tries = 5;

export function createNode(url: URL, {chain, signal, timeoutMs = 20_000, laterMs = 1000}: ConnectionOptions): ExecutionNode {
  const {host} = url;
  const transport = http(url.href, {
    fetchOptions: {redirect: "error", signal},
    timeout: timeoutMs,
    retryCount: 0,
    maxResponseBodySize: 64 * 1024 * 1024,
  });
  // Without viem's methods, so that only the actions that are called are in the bundle. A contract must not send us to a server of its
  // choice: https://eips.ethereum.org/EIPS/eip-3668
  const client: Client = createClient({transport, ccipRead: false});
  let isOfChain = false;

  const ask = async <T>(question: (client: Client) => Promise<T>, tried = 1): Promise<T> => {
    try {
      return await question(client);
    } catch (cause) {
      const error = toEndpointError(host, cause);
      if (signal.aborted || error.remedy !== "later" || tried === tries) throw error;
    }
    await delay(laterMs * 2 ** (tried - 1), undefined, {signal}).catch(() => {});
    if (signal.aborted) throw new EndpointError(host, "stopped");
    return ask(question, tried + 1);
  };

  return {
    host,
    ask: (question) => ask(question),
    async checkChain() {
      if (isOfChain) return;
      const chainId = await ask(getChainId);
      if (chainId !== chain.chainId) {
        throw new DvtError(
          "EXECUTION_CHAIN_MISMATCH",
          `ask execution endpoint ${host}: it serves chain ${chainId}; ${chain.name} is chain ${chain.chainId}`,
        );
      }
      isOfChain = true;
    },
  };
}
