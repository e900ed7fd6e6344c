/** A metric in an expression of PromQL, and the labels that it is asked for. */
export type UsedMetric = {readonly name: string; readonly labels: readonly string[]};

const selector = /\b((?:dvt|jetstream|gnatsd|nodejs|process)_\w+|up|ALERTS)\b(?:\{([^}]*)\})?/g;
const grouping = /\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g;

const namesIn = (list: string): string[] => [...list.matchAll(/(\w+)\s*(?:[=!]|,|$)/g)].map(([, name = ""]) => name);

/** Every metric of an expression, with the labels of its selector. */
export const metricsIn = (expr: string): UsedMetric[] =>
  [...expr.replace(grouping, "").matchAll(selector)].map(([, name = "", matchers = ""]) => ({
    name,
    labels: namesIn(matchers.replace(/"[^"]*"/g, "")),
  }));

/** Every label by which an expression groups or joins. */
export const labelsGroupedBy = (expr: string): string[] => [...expr.matchAll(grouping)].flatMap(([, list = ""]) => namesIn(list));
