import {readText} from "./document.js";

/** An alert of docker/monitoring/prometheus/rules.yml. */
export type AlertRule = {
  readonly name: string;
  readonly expr: string;
  readonly for: string | undefined;
  readonly severity: string | undefined;
  /** The kind of alarm that it is. */
  readonly kind: string | undefined;
  readonly summary: string;
  readonly description: string;
};

export const rulesText = readText("docker/monitoring/prometheus/rules.yml");

/** Every alert, as the file is laid out: each value on a line, or below it if that ends with |. */
export const alertRules: readonly AlertRule[] = rulesText
  .split(/^ {6}- /m)
  .slice(1)
  .flatMap((block) => {
    const name = /^alert: (\w+)$/m.exec(block)?.[1];
    return name === undefined ? [] : [toRule(name, block)];
  });

function toRule(name: string, block: string): AlertRule {
  const one = (key: string): string | undefined => new RegExp(`\\b${key}: "?([^"\\n,}]+)`).exec(block)?.[1];
  const text = (key: string): string => new RegExp(`^ +${key}: "(.*)"$`, "m").exec(block)?.[1] ?? "";
  const expr = /^ +expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)/m.exec(block);
  return {
    name,
    expr: (expr?.[1] ?? expr?.[2] ?? "").replace(/\s+/g, " ").trim(),
    for: one("for"),
    severity: one("severity"),
    kind: one("kind"),
    summary: text("summary"),
    description: text("description"),
  };
}
