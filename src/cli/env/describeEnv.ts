import type {TObject} from "typebox";

/** The part of --help that lists every variable with its meaning and default. */
export function describeEnv(schema: TObject): string {
  const width = Math.max(28, ...Object.keys(schema.properties).map(({length}) => length)) + 2;
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const {description = "", default: fallback, secret} = field as {description?: string; default?: string; secret?: boolean};
    const need = fallback !== undefined ? ` [${fallback}]` : schema.required?.includes(name) ? " (required)" : "";
    return `  ${name.padEnd(width)}${description}${need}${secret ? `; or in a file: ${name}_FILE` : ""}`;
  });
  return `\nEnvironment:\n${rows.join("\n")}\n`;
}
