import type {TSchema} from "typebox";
import {Check, Errors} from "typebox/schema";
import {Settings} from "typebox/system";
import {printable} from "./printable.js";

Settings.Set({maxErrors: 1000});

/** Lists every mismatch with the schema as "where: what", never with the value itself, which may be a secret or an attack. */
export function problemsOf(schema: TSchema, value: unknown): string[] {
  if (Check(schema, value)) return [];
  const [, errors] = Errors(schema, value);
  const problems = errors
    // An unknown field is reported twice: as additionalProperties, which names it, and as a false schema, which reads badly.
    .filter(({keyword}) => keyword !== "boolean")
    .map((error) => {
      const where = printable(error.instancePath.slice(0, 80)) || "/";
      if (error.keyword === "additionalProperties") {
        return `${where}: unknown fields: ${error.params.additionalProperties.map(nameOf).join(", ")}`;
      }
      return `${where}: ${error.message}`;
    });
  return [...new Set(problems)];
}

/** A name from the sender: long enough to recognise a typo, too short to hold a key. */
const nameOf = (text: string): string => printable(text.slice(0, 32));
