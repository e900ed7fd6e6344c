import type {ShareIndexStatus} from "../../schemas/status.js";
import type {ExitView} from "../store/exitViews.js";
import type {OpenExit} from "./openExits.js";
import type {Conduct} from "./shareIndexStatus.js";

type Did = ShareIndexStatus["latest"][number];

/** Of so many exits of a cluster it is shown what each share index did. */
export const latestShown = 20;

/** What a share index did with the exits of its cluster: with those that are open, and with those that were completed last. */
export function shareConduct(shareIndex: number, open: readonly OpenExit[], completed: readonly ExitView[]): Conduct {
  const refusals = open.flatMap(({lacks}) => lacks.filter((it) => it.share_index === shareIndex && it.why === "refused"));
  const ofOpen = open.slice(-latestShown).map((exit) => ({at: exit.openedAt, did: didWithOpen(shareIndex, exit)}));
  const ofCompleted = completed
    .slice(0, latestShown)
    .map((view) => ({at: view.completedAt ?? 0, did: didWith(shareIndex, view)}));
  return {
    refusesSince: refusals.length > 0 ? Math.min(...refusals.map(({since = 0}) => since)) : undefined,
    latest: [...ofOpen, ...ofCompleted]
      .sort((a, b) => b.at - a.at)
      .slice(0, latestShown)
      .map(({did}) => did),
  };
}

function didWithOpen(shareIndex: number, {has, lacks}: OpenExit): Did {
  if (has.includes(shareIndex)) return "signed";
  const why = lacks.find(({share_index}) => share_index === shareIndex)?.why;
  if (why === "refused") return "refused";
  return why === "waits" ? "waiting" : "silent";
}

const didWith = (shareIndex: number, {came, refusals}: ExitView): Did => {
  if (came.has(shareIndex)) return "signed";
  return refusals.has(shareIndex) ? "refused" : "silent";
};
