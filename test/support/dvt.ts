import {vi} from "vitest";
import {runProgram} from "../../src/cli/runProgram.js";

/** Runs a `dvt` command in this process, which has loaded its modules already. `startDvt` runs it as a user would. */
export async function dvt(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{code: number; output: string}> {
  let output = "";
  const writes = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => {
      output += text;
      return true;
    }),
  );
  try {
    const code = await runProgram(args, env);
    return {code, output: output.trimEnd()};
  } finally {
    for (const write of writes) write.mockRestore();
  }
}
