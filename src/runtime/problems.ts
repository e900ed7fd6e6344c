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
      const where = printable(error.instancePath.slice(0, 80)) || "/";
      if (error.keyword === "additionalProperties") {
        return `${where}: unknown fields: ${error.params.additionalProperties.map(nameOf).join(", ")}`;
      }
      return `${where}: ${error.message}`;
    });
  return [...new Set(told)];
}

/** A name comes from the sender: long enough to find a slip by, too short to hold a key. */
const nameOf = (text: string): string => printable(text.slice(0, 32));
