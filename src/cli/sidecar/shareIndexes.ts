import type {Static} from "typebox";
import type {KeysCheckEnv} from "../env/keyShareEnv.js";

export type KeyShareConfig = Static<typeof KeysCheckEnv>;

/** The names of what each kind of cluster has: one share index or several, and where its keys are. */
const names = {
  OBOL: {
    index: "OBOL_NODE_INDEX",
    indexes: "OBOL_NODE_INDEXES",
    keys: "OBOL_KEYSTORES_DIR",
    template: "OBOL_KEYSTORES_DIR_TEMPLATE",
  },
  SSV: {
    index: "SSV_OPERATOR_ID",
    indexes: "SSV_OPERATOR_IDS",
    keys: "SSV_OPERATOR_KEY_FILE",
    template: "SSV_OPERATOR_KEY_FILE_TEMPLATE",
  },
} as const;

export const namesOf = ({CLUSTER_TYPE}: Partial<KeyShareConfig>) => names[CLUSTER_TYPE === "SSV" ? "SSV" : "OBOL"];

/** As they stand there. */
export const indexesIn = (config: Partial<KeyShareConfig>): number[] => {
  const {index, indexes} = namesOf(config);
  return (config[indexes] ?? config[index] ?? "").split(",").filter(Boolean).map(Number);
};

/** Those that this process is to sign for: a node's is its index + 1, an SSV operator's its id. */
export const shareIndexesOf = (config: Partial<KeyShareConfig>): number[] =>
  indexesIn(config).map((index) => (config.CLUSTER_TYPE === "SSV" ? index : index + 1));

/** What an operator calls the share index. */
export const nameOf = (shareIndex: number, config: KeyShareConfig): string => {
  const {index, indexes} = namesOf(config);
  return `${config[indexes] === undefined ? index : indexes} ${config.CLUSTER_TYPE === "SSV" ? shareIndex : shareIndex - 1}`;
};

const placeholder = /\{(share_index|node_index|operator_id)\}/g;

/** The settings of one of them: in every path, the placeholders are filled in. */
export function configOf<C extends KeyShareConfig>(config: C, shareIndex: number): C {
  const fill = (value: string): string =>
    value.replace(placeholder, (_, name) => String(name === "node_index" ? shareIndex - 1 : shareIndex));
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, /_(FILE|DIR|TEMPLATE)$/.test(name) ? fill(value) : value]),
  ) as C;
}

export const hasPlaceholder = (path: string | undefined): boolean => path !== undefined && path.search(placeholder) >= 0;
