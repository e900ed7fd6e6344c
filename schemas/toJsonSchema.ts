import type {Message} from "./defineMessage.js";

/** The text of schemas/json/<name>.schema.json: the message's own schema, for those who do not write TypeScript. */
export const toJsonSchema = ({name, schema}: Pick<Message, "name" | "schema">): string => {
  const head = {$schema: "https://json-schema.org/draft/2020-12/schema", title: name};
  return `${JSON.stringify({...head, ...schema}, undefined, 2)}\n`;
};
