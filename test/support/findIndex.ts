import type {Document, IndexDescriptionInfo} from "mongodb";

/**
 * The name of an index by which MongoDB answers this search without looking at documents that do not belong to it, and in this order;
 * undefined if there is none. It keeps MongoDB's rule: fields that are equal to something come first, then those that are sorted by, then
 * a range; a partial index serves only a search whose filter implies its expression.
 * https://www.mongodb.com/docs/manual/tutorial/equality-sort-range-guideline/
 */
export function findIndex(
  {filter, sort = {}}: {filter: Document; sort?: Document | undefined},
  indexes: readonly IndexDescriptionInfo[],
): string | undefined {
  const sorted = Object.entries(sort) as [string, number][];
  return indexes.find(({key, partialFilterExpression = {}}) => {
    if (!implies(filter, partialFilterExpression)) return false;
    const fields = Object.entries(key) as [string, number][];
    const afterEqual = fields.findIndex(([field]) => !isEquality(filter[field]));
    const equal = afterEqual === -1 ? fields.length : afterEqual;
    const ordered = sorted.filter(([field]) => !isOneValue(filter[field]));
    const start = ordered[0] ? fields.findIndex(([field]) => field === ordered[0]?.[0]) : 0;
    const isSorted =
      start <= equal &&
      ordered.every(([field, way], place) => {
        const [indexed, indexedWay = 0] = fields[start + place] ?? [];
        return indexed === field && way * indexedWay === (ordered[0]?.[1] ?? 0) * (fields[start]?.[1] ?? 0);
      });
    return isSorted && (equal > 0 || isRange(filter[fields[0]?.[0] as string]));
  })?.name;
}

const isOperators = (condition: unknown): condition is Document =>
  typeof condition === "object" && condition !== null && Object.keys(condition).some((name) => name.startsWith("$"));

const isOneValue = (condition: unknown): boolean =>
  condition !== undefined && (!isOperators(condition) || condition["$eq"] !== undefined);

const isEquality = (condition: unknown): boolean =>
  isOneValue(condition) || (isOperators(condition) && Array.isArray(condition["$in"]));

const isRange = (condition: unknown): boolean =>
  isOperators(condition) && ["$gt", "$gte", "$lt", "$lte"].some((name) => condition[name] !== undefined);

/** Whether every document of the filter is in the partial index. */
const implies = (filter: Document, expression: Document): boolean =>
  Object.entries(expression).every(([field, wanted]) =>
    isOperators(wanted) && wanted["$exists"] === true
      ? isOneValue(filter[field]) || isRange(filter[field]) || (isOperators(filter[field]) && filter[field]["$exists"] === true)
      : filter[field] === wanted,
  );
