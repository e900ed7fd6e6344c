import {execFile} from "node:child_process";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {promisify} from "node:util";
import {writeFileAtomic} from "../../src/runtime/files.js";
import {builtFile, projectRoot} from "../../src/runtime/projectRoot.js";
import {temporaryFolder} from "./servers.js";

const run = promisify(execFile);

/** The shell blocks of a document whose comment names the test that runs them and, after a colon, the block. */
const namedBlocks = (markdown: string): Map<string, string> =>
  new Map(
    [...markdown.matchAll(/^<!-- run by \S+: (\S+) -->\n```sh\n(.*?)^```$/gms)].map(([, name = "", text = ""]) => [name, text]),
  );

type Options = {
  /** What the test has instead of the document's paths and addresses; the first that fit count. */
  readonly instead: readonly (readonly [string, string])[];
  /** Programs that the machine has, by name: the text of a script. */
  readonly programs?: Readonly<Record<string, string>>;
  /** The centre's folder, for commands that are not told one. */
  readonly folder: string;
  /** A folder with further programs. */
  readonly path?: string;
};

/** Runs blocks of a document in a shell, as somebody who may do everything; rejects with what they printed unless they end with 0. */
export async function openDocumented(document: string, {instead, programs = {}, folder, path = ""}: Options) {
  const blocks = namedBlocks(await readFile(join(projectRoot, document), "utf8"));
  const bin = await temporaryFolder();
  const all = {
    sudo: 'exec "$@"',
    dvt: `case "$1 $*" in
  *--folder*) ;;
  "init "* | "invite "* | "accept "*) set -- "$@" --folder "${folder}" ;;
esac
exec "${process.execPath}" "${builtFile("dvt.cjs")}" "$@"`,
    ...programs,
  };
  for (const [name, text] of Object.entries(all)) await writeFileAtomic(join(bin, name), `#!/bin/sh\n${text}\n`, 0o755);
  const env = {PATH: [bin, path, process.env["PATH"]].join(":"), HOME: process.env["HOME"] ?? ""};
  const shell = async (text: string): Promise<string> => {
    const {stdout, stderr} = await run("bash", ["--norc", "-euo", "pipefail", "-c", text], {env, cwd: bin}).catch((error) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    });
    return stdout + stderr;
  };
  return {
    shell,
    run(name: string, more: Options["instead"] = []): Promise<string> {
      const text = blocks.get(name);
      if (text === undefined) throw new Error(`${document} has no block ${name}`);
      return shell([...more, ...instead].reduce((filling, [what, by]) => filling.replaceAll(what, by), text));
    },
  };
}
