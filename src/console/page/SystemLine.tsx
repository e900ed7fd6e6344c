import type {Status} from "../../../schemas/status.js";
import {groupBy} from "../../runtime/groupBy.js";
import {urlOf} from "../place.js";
import {Hash} from "./Key.js";
import {Since} from "./Time.js";
import type {View} from "./view.js";

/** The rest of the system in one line. */
export function SystemLine({status, view}: {status: Status; view: View}) {
  const {oracles, dead_letters: letters, results_owed: owed, keys_left} = status;
  const roles = [
    ...groupBy(
      status.roles.filter(({role}) => role !== "sidecar"),
      ({role}) => role,
    ),
  ];
  return (
    <section class="system-line" aria-labelledby="system">
      <h2 id="system">
        <a href={urlOf({page: "system"})}>System</a>
      </h2>
      <ul>
        {roles.map(([role, all]) => (
          <li key={role}>
            {role} {runsText(all)}
          </li>
        ))}
        {oracles && (
          <li>
            oracles {oracles.threshold} of {oracles.oracles}, set{" "}
            <Hash value={oracles.config_hash} what="oracle set" view={view} /> for <Since ms={oracles.since} view={view} />
          </li>
        )}
        {letters && (
          <li>
            <a href={urlOf({page: "deadLetters"})}>dead letters {letters.total.toLocaleString("en")}</a>
          </li>
        )}
        {owed && owed.results > 0 && <li>results owed {owed.results.toLocaleString("en")}</li>}
        {keys_left.map(({vault, keys}) => (
          <li key={vault}>
            keys left {keys.toLocaleString("en")} of <Hash value={vault} what="vault" view={view} />
          </li>
        ))}
      </ul>
    </section>
  );
}

/** "×2", "×1, 1 away". */
function runsText(roles: Status["roles"]): string {
  const away = roles.filter(({state}) => state === "away").length;
  const here = roles.length - away;
  return away === 0 ? `×${here}` : here === 0 ? "away" : `×${here}, ${away} away`;
}
