import {setTimeout as delay} from "node:timers/promises";
import {createPublicClient, http, type PublicClient} from "viem";
import {DvtError} from "../errors.js";
import {EndpointError, toEndpointError} from "./failure.js";

/** What tells one chain from another. */
export type Chain = {readonly name: string; readonly chainId: number};

/** One endpoint. What is asked of it in one operation is asked of no other. */
export type ExecutionNode = {
  readonly host: string;
  /** One question. An EndpointError when it is not answered; too many requests are asked again, later and later, before that. */
  ask<T>(question: (client: PublicClient) => Promise<T>): Promise<T>;
  /** EXECUTION_CHAIN_MISMATCH when it is of another chain. */
  checkChain(): Promise<void>;
};

export type NodeOptions = {
  /** For one answer. */
  readonly timeoutMs?: number;
  /** After the first answer that there were too many requests; then twice as long, and so on. */
  readonly laterMs?: number;
};

/** What is being asked ends with the signal. */
export type ConnectionOptions = NodeOptions & {readonly chain: Chain; readonly signal: AbortSignal};

/** How often too many requests are asked again. */
const tries = 5;

export function createNode(url: URL, {chain, signal, timeoutMs = 20_000, laterMs = 1000}: ConnectionOptions): ExecutionNode {
  const {host} = url;
  const transport = http(url.href, {
    fetchOptions: {redirect: "error", signal},
    timeout: timeoutMs,
    retryCount: 0,
    maxResponseBodySize: 64 * 1024 * 1024,
  });
  const client: PublicClient = createPublicClient({transport});
  let isOfChain = false;

  const ask = async <T>(question: (client: PublicClient) => Promise<T>, tried = 1): Promise<T> => {
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
      const chainId = await ask(async (it) => it.getChainId());
      if (chainId !== chain.chainId) {
        throw new DvtError(
          "EXECUTION_CHAIN_MISMATCH",
          `ask execution endpoint ${host}: it is of chain ${chainId}; ${chain.name} is chain ${chain.chainId}`,
        );
      }
      isOfChain = true;
    },
  };
}
