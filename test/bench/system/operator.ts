import {fork} from "node:child_process";
import {once} from "node:events";
import {fileURLToPath} from "node:url";
import type {Shutdown} from "../../../src/runtime/shutdown.js";
import {type BenchSystem, operatorId} from "./benchSystem.js";
import type {Answer, Ask, OperatorConfig} from "./operatorMessages.js";

export type BenchOperator = {
  readonly pid: number;
  /** Asks and awaits. Rejects unless all exits completed. */
  ask(validators: Ask["validators"]): Promise<Answer>;
  stop(): Promise<void>;
};

const main = fileURLToPath(new URL("./operatorProcess.js", import.meta.url));

/** Starts the operator's process; back when it is on the bus. */
export async function startOperator(
  system: BenchSystem,
  {shutdown, env = {}}: {shutdown: Shutdown; env?: Record<string, string>},
): Promise<BenchOperator> {
  const {participantsFile, oraclesFile} = system;
  const seedFile = system.seedFile(`operator-${operatorId}`);
  const config: OperatorConfig = {natsUrl: system.nats.url, participantsFile, oraclesFile, operatorId, seedFile};
  // In a group of its own: Ctrl+C reaches us alone, and we end the others in their order.
  const child = fork(main, [JSON.stringify(config)], {env: {...process.env, ...env}, detached: true});
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`bench: the operator's process ended with ${code}`);
  });
  ended.catch(() => {});
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  };
  shutdown.onStop(stop);
  await Promise.race([once(child, "message"), ended]);
  return {
    pid: child.pid as number,
    stop,
    async ask(validators) {
      child.send({validators, timeoutMs: 60_000 + 200 * validators.length} satisfies Ask);
      const [answer] = (await Promise.race([once(child, "message"), ended])) as [Answer];
      if (answer.problems.length > 0) throw new Error(`bench: not every exit completed: ${answer.problems.join("; ")}`);
      return answer;
    },
  };
}
