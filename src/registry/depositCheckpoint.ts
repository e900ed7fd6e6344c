import {Type} from "typebox";
import {Bytes32, type NetworkName} from "../../schemas/fields.js";
import {DvtError} from "../errors.js";
import type {BlockRef} from "../execution/heads.js";
import {unwritable} from "../runtime/files.js";
import {type Lines, openLineFile, parseLine} from "../runtime/lineFile.js";
import type {LockOptions} from "../runtime/lockFile.js";
import type {Logger} from "../runtime/logger.js";
import {createKeySet, type KeySet, marksIn} from "./keySet.js";

/** What was read at once: up to which block, and the marks of the keys that were new in it, one after the other. */
export type Page = {
  /** All up to this block, and maybe some after it. */
  readonly toBlock: number;
  /** How many deposits there were by then. */
  readonly deposits: number;
  /** A final block that is not before it. */
  readonly finalBlock: BlockRef;
  readonly marks: string;
};

/** The keys that were deposited for with a valid signature, as far as the chain was read; in a file of JSON lines, one for each page. */
export type DepositCheckpoint = {
  readonly keys: Pick<KeySet, "size" | "has">;
  readonly nextBlock: number;
  /** How many deposits were read, of the next block maybe some. */
  readonly deposits: number;
  readonly finalBlock: BlockRef | undefined;
  /** Resolves once it is on disk. STATE_UNWRITABLE: it is not, and nothing has changed. */
  append(page: Page): Promise<void>;
  close(): Promise<void>;
};

type Options = LockOptions & {
  readonly network: NetworkName;
  readonly contract: string;
  /** The first block that has to be read. */
  readonly firstBlock: number;
};

const Count = Type.Integer({minimum: 0, maximum: Number.MAX_SAFE_INTEGER});
const Header = Type.Object({version: Type.Literal(2), network: Type.String(), deposit_contract: Type.String()});
const Line = Type.Object({
  block: Count,
  deposits: Count,
  final_block: Type.Object({number: Count, hash: Bytes32}),
  marks: Type.String({pattern: "^([0-9a-f]{32})*$"}),
});

/**
 * FILE_IN_USE: another process works with it. REGISTRY_CHECKPOINT_INVALID: the file is another network's or contract's, or none.
 * FILE_UNWRITABLE, DISK_UNAVAILABLE: it cannot be read or written, or not now.
 */
export async function openDepositCheckpoint(path: string, options: Options): Promise<DepositCheckpoint> {
  const {network, contract, firstBlock} = options;
  const header = JSON.stringify({version: 2, network, deposit_contract: contract});
  const action = `keep what was deposited in REGISTRY_CHECKPOINT_FILE ${path}`;
  const unopened = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : unwritable(action, cause);
  };
  const unwritten = (cause: Error): never => {
    throw cause instanceof DvtError ? cause : new DvtError("STATE_UNWRITABLE", `${action}: ${cause.message}`, {cause});
  };

  let pages: Page[] = [];
  const file = await openLineFile(path, options, (lines) => {
    pages = readPages(path, header, lines, options.logger);
    const kept = pages.filter(({marks}, position) => marks.length > 0 || position === pages.length - 1);
    return [header, ...kept.map(toLine)];
  }).catch(unopened);
  const keys = createKeySet();
  for (const {marks} of pages) for (const mark of marksIn(marks)) keys.add(mark);
  let last = pages.at(-1);

  return {
    keys,
    get nextBlock() {
      return last === undefined ? firstBlock : last.toBlock + 1;
    },
    get deposits() {
      return last?.deposits ?? 0;
    },
    get finalBlock() {
      return last?.finalBlock;
    },
    async append(page) {
      await file.append([toLine(page)]).catch(unwritten);
      for (const mark of marksIn(page.marks)) keys.add(mark);
      last = page;
    },
    close: file.close,
  };
}

const toLine = ({toBlock, deposits, finalBlock, marks}: Page): string =>
  JSON.stringify({block: toBlock, deposits, final_block: finalBlock, marks});

function readPages(path: string, header: string, {lines, torn}: Lines, logger: Logger): Page[] {
  if (torn) logger.warn({path}, "the last line of the registry's checkpoint was cut short: those blocks are read again");
  if (lines.length === 0) return [];
  const invalid = (problem: string): DvtError =>
    new DvtError(
      "REGISTRY_CHECKPOINT_INVALID",
      `read REGISTRY_CHECKPOINT_FILE ${path}: ${problem}; name another file, or delete it and the chain is read again`,
    );
  const [first = "", ...rest] = lines;
  if (!parseLine(Header, first)) throw invalid("it is not a registry's checkpoint");
  if (first !== header) throw invalid(`it is that of ${first}, not of ${header}`);
  let before = {block: -1, deposits: 0};
  return rest.map((text, position) => {
    const line = parseLine(Line, text);
    const isAfter = line && line.block >= before.block && line.deposits >= before.deposits;
    if (!isAfter || (line.block === before.block && line.deposits === before.deposits)) {
      throw invalid(`line ${position + 2} is not what a registry wrote`);
    }
    before = line;
    return {toBlock: line.block, deposits: line.deposits, finalBlock: line.final_block, marks: line.marks};
  });
}
