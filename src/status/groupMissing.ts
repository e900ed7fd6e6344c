import type {Missing} from "../../schemas/status.js";
import {groupBy} from "../runtime/groupBy.js";
import type {OpenExit} from "./openExits.js";

/** More groups of a cluster are not told apart by anybody. */
const mostGroups = 50;
const named = 3;

/** Groups open exits, the oldest first, that lack the same shares for the same reasons; `beyond`: those of too many groups. */
export function groupMissing(exits: readonly OpenExit[], needs: number): {missing: Missing[]; beyond: number} {
  const groups = [
    ...groupBy(exits, ({has, lacks}) =>
      JSON.stringify([has, lacks.map(({share_index, why, code}) => [share_index, why, code])]),
    ).values(),
  ];
  const missing = groups.slice(0, mostGroups).map((group): Missing => {
    const [oldest] = group as [OpenExit, ...OpenExit[]];
    return {
      exits: group.length,
      first: group.slice(0, named).map(({key}) => key),
      opened_at: oldest.openedAt,
      has: oldest.has,
      needs,
      lacks: oldest.lacks.map((lack, position) => {
        const times = group.flatMap(({lacks}) => lacks[position]?.since ?? []);
        return {...lack, ...(times.length > 0 && {since: Math.min(...times)})};
      }),
    };
  });
  return {missing, beyond: groups.slice(mostGroups).reduce((sum, group) => sum + group.length, 0)};
}
