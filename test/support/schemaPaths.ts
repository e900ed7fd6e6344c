/** As much of a JSON Schema as names fields. */
export type SchemaNode = {
  type?: string;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
};

/** Every field's path, such as `validators[].public_key`; of a union, those of all its members. */
export function pathsOf(node: SchemaNode, at = ""): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    const path = at === "" ? name : `${at}.${name}`;
    return [path, ...pathsOf(field, path)];
  });
  const items = node.items ? pathsOf(node.items, `${at}[]`) : [];
  return [...new Set([...own, ...items, ...(node.anyOf ?? []).flatMap((member) => pathsOf(member, at))])];
}

/** The paths of the fields that a payload has, written the same way. */
export function pathsIn(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((item) => pathsIn(item, `${at}[]`)))];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => {
    const path = at === "" ? name : `${at}.${name}`;
    return [path, ...pathsIn(field, path)];
  });
}
