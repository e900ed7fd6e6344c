import type {TSchema} from "typebox";
import {Settings} from "typebox/system";
import {Value} from "typebox/value";

Settings.Set({maxErrors: 1000});

/** Every way in which the value does not fit, as "where: what", never what stands there: it may be a secret or somebody's trick. */
export function problemsOf(schema: TSchema, value: unknown): string[] {
  if (Value.Check(schema, value)) return [];
  const told = Value.Errors(schema, value)
    // An unknown field is told twice: as additionalProperties, which names it, and as a false schema, which reads badly.
    .filter(({keyword}) => keyword !== "boolean")
    .map((error) => {
      const where = printable(error.instancePath) || "/";
      if (error.keyword === "additionalProperties") {
        return `${where}: unknown fields: ${error.params.additionalProperties.map(printable).join(", ")}`;
      }
      return `${where}: ${error.message}`;
    });
  return [...new Set(told)];
}

/** Keys come from the sender: short, and nothing that a terminal would act on. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, 80);
