import {Type} from "typebox";
import {Bytes32, type NetworkName} from "../../schemas/fields.js";
import type {BlockRef} from "../execution/heads.js";
import {checkpointRemedy} from "../runtime/checkpointFile.js";
import {parseLine} from "../runtime/lineFile.js";
import type {LockOptions} from "../runtime/lockFile.js";
import {openRecordFile, type RecordFormat} from "../runtime/recordFile.js";
import {createKeySet, type KeySet, marksIn} from "./keySet.js";

/** One page of a scan: the block it goes up to, and the concatenated marks of the new keys in it. */
export type Page = {
  /** It has all deposits up to this block, and maybe some after it. */
  readonly toBlock: number;
  /** The number of deposits by then. */
  readonly deposits: number;
  /** A final block at or after it. */
  readonly finalBlock: BlockRef;
  readonly marks: string;
};

/** The keys with a valid deposit, as far as the chain was read; stored in a file of JSON lines, one for each page. */
export type DepositCheckpoint = {
  readonly keys: Pick<KeySet, "size" | "has">;
  readonly nextBlock: number;
  /** The number of deposits read, maybe including some of the next block. */
  readonly deposits: number;
  readonly finalBlock: BlockRef | undefined;
  /** Resolves once the page is on disk; STATE_UNWRITABLE if it is not, and nothing has changed. */
  append(page: Page): Promise<void>;
  close(): Promise<void>;
};

type Options = LockOptions & {
  readonly network: NetworkName;
  readonly contract: string;
  /** The first block to read. */
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
 * Opens the checkpoint; REGISTRY_CHECKPOINT_INVALID if the file is not one or belongs to another network or contract, otherwise
 * errors of openRecordFile.
 */
export async function openDepositCheckpoint(path: string, options: Options): Promise<DepositCheckpoint> {
  const {records, file} = await openRecordFile(path, toFormat(options), options);
  const keys = createKeySet();
  for (const {marks} of records) for (const mark of marksIn(marks)) keys.add(mark);
  let last = records.at(-1);

  return {
    keys,
    get nextBlock() {
      return last === undefined ? options.firstBlock : last.toBlock + 1;
    },
    get deposits() {
      return last?.deposits ?? 0;
    },
    get finalBlock() {
      return last?.finalBlock;
    },
    async append(page) {
      await file.append([page]);
      for (const mark of marksIn(page.marks)) keys.add(mark);
      last = page;
    },
    close: file.close,
  };
}

const toFormat = ({network, contract}: Options): RecordFormat<Page> => ({
  variable: "REGISTRY_CHECKPOINT_FILE",
  purpose: "keep what was deposited",
  code: "REGISTRY_CHECKPOINT_INVALID",
  remedy: checkpointRemedy,
  header: {version: 2, network, deposit_contract: contract},
  headerSchema: Header,
  toLine: ({toBlock, deposits, finalBlock, marks}) => ({block: toBlock, deposits, final_block: finalBlock, marks}),
  fromLine(text, before) {
    const line = parseLine(Line, text);
    const {toBlock, deposits} = before ?? {toBlock: -1, deposits: 0};
    const isAfter = line && line.block >= toBlock && line.deposits >= deposits;
    if (!isAfter || (line.block === toBlock && line.deposits === deposits)) return undefined;
    return {toBlock: line.block, deposits: line.deposits, finalBlock: line.final_block, marks: line.marks};
  },
  keep: (pages) => pages.filter(({marks}, position) => marks.length > 0 || position === pages.length - 1),
});
