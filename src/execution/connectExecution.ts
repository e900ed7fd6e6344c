import {parseEndpoints} from "../http/endpoints.js";
import {createFailOver, type FailOver} from "../http/failOver.js";
import type {Logger} from "../runtime/logger.js";
import {type ConnectionOptions, createNode, type ExecutionNode} from "./node.js";

/**
 * The execution chain through several endpoints; an operation fails with EXECUTION_UNAVAILABLE or EXECUTION_CHAIN_MISMATCH if
 * none works.
 */
export type Execution = Pick<FailOver<ExecutionNode>, "run">;

type Options = ConnectionOptions & {readonly logger: Logger};

/**
 * Connects to `endpoints`, in the format of EXECUTION_ENDPOINT. EXECUTION_CHAIN_MISMATCH if any serves another chain,
 * EXECUTION_UNAVAILABLE if none responds.
 */
export async function connectExecution(endpoints: string, {logger, ...options}: Options): Promise<Execution> {
  const nodes = parseEndpoints("EXECUTION_ENDPOINT", endpoints).map((url) => createNode(url, options));
  const execution = createFailOver(nodes, {
    what: "execution endpoint",
    unavailable: "EXECUTION_UNAVAILABLE",
    mismatch: "EXECUTION_CHAIN_MISMATCH",
    check: (node) => node.checkChain(),
    signal: options.signal,
    logger,
  });
  await execution.checkAll();
  return execution;
}
