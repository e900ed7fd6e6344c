import type {Static} from "typebox";
import type {KeysCheckEnv} from "../env/keyShareEnv.js";

/** The variables that say which key shares a process signs with. */
export type KeyShareConfig = Static<typeof KeysCheckEnv>;

/** The variables of each cluster type: for one share index or several, and for the location of the keys. */
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

/** The variables of the configured cluster type. */
export const namesOf = ({CLUSTER_TYPE}: Partial<KeyShareConfig>) => names[CLUSTER_TYPE === "SSV" ? "SSV" : "OBOL"];

/** The node indexes or operator ids, as configured. */
export const indexesIn = (config: Partial<KeyShareConfig>): number[] => {
  const {index, indexes} = namesOf(config);
  return (config[indexes] ?? config[index] ?? "").split(",").filter(Boolean).map(Number);
};

/** The share indexes that this process signs for: the node index + 1, or the SSV operator id. */
export const shareIndexesOf = (config: Partial<KeyShareConfig>): number[] =>
  indexesIn(config).map((index) => (config.CLUSTER_TYPE === "SSV" ? index : index + 1));

/** The share index in the terms of the operator: the variable and its value. */
export const nameOf = (shareIndex: number, config: KeyShareConfig): string => {
  const {index, indexes} = namesOf(config);
  return `${config[indexes] === undefined ? index : indexes} ${config.CLUSTER_TYPE === "SSV" ? shareIndex : shareIndex - 1}`;
};

const placeholder = /\{(share_index|node_index|operator_id)\}/g;

/** The settings for one share index, with the placeholders in paths filled in. */
export function configOf<C extends KeyShareConfig>(config: C, shareIndex: number): C {
  const fill = (value: string): string =>
    value.replace(placeholder, (_, name) => String(name === "node_index" ? shareIndex - 1 : shareIndex));
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, /_(FILE|DIR|TEMPLATE)$/.test(name) ? fill(value) : value]),
  ) as C;
}

/** Whether the path has a placeholder for the share index. */
export const hasPlaceholder = (path: string | undefined): boolean => path !== undefined && path.search(placeholder) >= 0;
