import {DvtError} from "../errors.js";
import type {Logger} from "../runtime/logger.js";
import {parseEndpoints} from "./endpoints.js";
import {type ConnectionOptions, createNode, type ExecutionNode} from "./node.js";

/** The execution chain, through whichever endpoint answers. */
export type Execution = {
  /**
   * Runs the operation on one endpoint: the one that served last, and the next one when that fails, from the operation's
   * beginning. So no operation mixes the answers of two. EXECUTION_UNAVAILABLE or EXECUTION_CHAIN_MISMATCH when none serves.
   */
  run<T>(operation: (node: ExecutionNode) => Promise<T>): Promise<T>;
};

type Options = ConnectionOptions & {readonly logger: Logger};

/**
 * `endpoints` as EXECUTION_ENDPOINT has them. EXECUTION_CHAIN_MISMATCH when any of them is of another chain,
 * EXECUTION_UNAVAILABLE when none answers.
 */
export async function connectExecution(endpoints: string, {logger, ...options}: Options): Promise<Execution> {
  const nodes = parseEndpoints(endpoints).map((url) => createNode(url, options));
  await checkAll(nodes, logger);
  let serving = 0;

  return {
    async run(operation) {
      const failures: DvtError[] = [];
      for (let turn = 0, position = serving; turn < nodes.length; turn++, position = (position + 1) % nodes.length) {
        const node = nodes[position] as ExecutionNode;
        try {
          await node.checkChain();
          const answer = await operation(node);
          serving = position;
          return answer;
        } catch (error) {
          if (options.signal.aborted || !isOfEndpoint(error)) throw error;
          failures.push(error);
          if (failures.length < nodes.length) warnOf(error, node, logger);
        }
      }
      throw mildest(failures);
    },
  };
}

async function checkAll(nodes: readonly ExecutionNode[], logger: Logger): Promise<void> {
  const checks = await Promise.allSettled(nodes.map((node) => node.checkChain()));
  const failures = checks.flatMap((check, position) =>
    check.status === "rejected" ? [{error: check.reason as DvtError, node: nodes[position] as ExecutionNode}] : [],
  );
  const wrong = failures.find(({error}) => error.code !== "EXECUTION_UNAVAILABLE");
  if (wrong) throw wrong.error;
  if (failures.length === nodes.length) throw mildest(failures.map(({error}) => error));
  for (const {error, node} of failures) warnOf(error, node, logger);
}

const isOfEndpoint = (error: unknown): error is DvtError =>
  error instanceof DvtError && (error.code === "EXECUTION_UNAVAILABLE" || error.code === "EXECUTION_CHAIN_MISMATCH");

/** Where one of them may come back, trying again helps. */
const mildest = (failures: readonly DvtError[]): DvtError =>
  (failures.find(({code}) => code === "EXECUTION_UNAVAILABLE") ?? failures[0]) as DvtError;

const warnOf = ({code, message}: DvtError, {host}: ExecutionNode, logger: Logger): void =>
  logger.warn({endpoint: host, code, error: message}, "execution endpoint fails, another one serves");
