import type {TSchema} from "typebox";
import {Settings} from "typebox/system";
import {Value} from "typebox/value";
import {printable} from "./printable.js";

Settings.Set({maxErrors: 1000});

/** Every way in which the value does not fit, as "where: what", never what stands there: it may be a secret or somebody's trick. */
export function problemsOf(schema: TSchema, value: unknown): string[] {
  if (Value.Check(schema, value)) return [];
  const told = Value.Errors(schema, value)
    // An unknown field is told twice: as additionalProperties, which names it, and as a false schema, which reads badly.
    .filter(({keyword}) => keyword !== "boolean")
    .map((error) => {
      const where = short(error.instancePath) || "/";
      if (error.keyword === "additionalProperties") {
        return `${where}: unknown fields: ${error.params.additionalProperties.map(short).join(", ")}`;
      }
      return `${where}: ${error.message}`;
    });
  return [...new Set(told)];
}

/** Keys come from the sender. */
const short = (text: string): string => printable(text.slice(0, 80));
