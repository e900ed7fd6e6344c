import type {Alarm, Status} from "../../../schemas/status.js";
import {urlOf} from "../place.js";
import {Since} from "./Time.js";
import type {View} from "./view.js";

/** What needs attention, first of all. */
export function Alarms({alarms, view}: {alarms: Status["alarms"]; view: View}) {
  if (alarms.length === 0) return <p class="calm">Nothing needs anybody.</p>;
  return (
    <section class="alarms" aria-labelledby="alarms">
      <h2 id="alarms">Needs somebody</h2>
      <ul>
        {alarms.map((alarm) => (
          <AlarmLine key={`${alarm.kind} ${alarm.cluster_id} ${alarm.share_index} ${alarm.text}`} alarm={alarm} view={view} />
        ))}
      </ul>
    </section>
  );
}

const AlarmLine = ({alarm, view}: {alarm: Alarm; view: View}) => (
  <li>
    <span class="sign" aria-hidden="true">
      !
    </span>
    <AlarmPlace alarm={alarm} />
    <span class="what">
      {alarm.text}
      {alarm.since !== undefined && (
        <span class="for">
          {" "}
          <Since ms={alarm.since} view={view} />
        </span>
      )}
    </span>
    <span class="todo">{alarm.todo}</span>
  </li>
);

function AlarmPlace({alarm: {cluster_id: cluster, share_index: shareIndex, kind}}: {alarm: Alarm}) {
  if (cluster === undefined) {
    const href = kind === "dead_letters" ? urlOf({page: "deadLetters"}) : urlOf({page: "system"});
    return (
      <a class="where" href={href}>
        system
      </a>
    );
  }
  const href = urlOf(shareIndex === undefined ? {page: "cluster", cluster} : {page: "shareIndex", cluster, shareIndex});
  return (
    <a class="where" href={href}>
      {cluster}
      {shareIndex !== undefined && ` ${shareIndex}`}
    </a>
  );
}
