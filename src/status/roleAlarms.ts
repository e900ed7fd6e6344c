import type {Alarm, RoleStatus, Status} from "../../schemas/status.js";
import {durationText} from "../runtime/durationText.js";
import {groupBy} from "../runtime/groupBy.js";
import {clockAlarms} from "./clockAlarms.js";
import {thresholds} from "./thresholds.js";
import {toAlarm} from "./toAlarm.js";

const dayMs = 86_400_000;

/** What needs attention among the roles other than sidecars. */
export function roleAlarms({roles, oracles, at}: Status): Alarm[] {
  const others = roles.filter(({role}) => role !== "sidecar");
  const here = others.filter(({state}) => state === "here");
  return [...awayAlarms(others, at), ...here.flatMap((it) => differAlarms(it, oracles, at)), ...here.flatMap(processAlarms)].map(
    toAlarm,
  );
}

function awayAlarms(roles: readonly RoleStatus[], at: number): Alarm[] {
  const never = roles.some(({role}) => role === "aggregator")
    ? []
    : [{kind: "role_away" as const, text: "no aggregator was ever seen: no exit completes", todo: "Start `dvt aggregator`."}];
  const away = [...groupBy(roles, ({participant, role}) => `${role} ${participant}`).values()].flatMap((its): Alarm[] => {
    const [{role, participant, last_seen}] = its.toSorted((a, b) => b.last_seen - a.last_seen) as [RoleStatus];
    const isGone = its.every(({state}) => state === "away") && at - last_seen >= thresholds.silentMs;
    // Any gateway may have been given up; the other roles are always needed.
    if (!isGone || (role === "gateway" && at - last_seen > dayMs)) return [];
    const of = role === "gateway" ? `the gateway of ${participant}` : `the ${role}`;
    const text = `${of} was not seen for ${durationText(at - last_seen)}`;
    return [
      {
        kind: "role_away",
        since: last_seen,
        text,
        todo: `Start \`dvt ${role}\`. If it runs: its log says why it does not reach NATS.`,
      },
    ];
  });
  return [...never, ...away];
}

/** Two roles may see a new set at different times, but not for long. */
function differAlarms(
  {role, participant, oracles_config_hash: its, oracles_since = 0}: RoleStatus,
  oracles: Status["oracles"],
  at: number,
): Alarm[] {
  const since = Math.max(oracles_since, oracles?.since ?? 0);
  if (!oracles || its === undefined || its === oracles.config_hash || at - since < thresholds.oraclesDifferMs) return [];
  return [
    {
      kind: "oracles_differ",
      since,
      text: `the ${role} (${participant}) works with the oracle set ${its.slice(0, 10)}, this relayer with ${oracles.config_hash.slice(0, 10)}`,
      todo: "Give both the same ORACLES_CONFIG_FILE, or neither; if they read the chain, check the execution node of the one that is behind.",
    },
  ];
}

function processAlarms({role, participant, clock_offset_ms: offsetMs = 0, loop_delay_ms: delayMs = 0}: RoleStatus): Alarm[] {
  const alarms = clockAlarms(`the ${role} (${participant})`, offsetMs);
  if (delayMs >= thresholds.loopDelayMs) {
    const text = `the ${role} (${participant}) stood still for ${durationText(delayMs)} within the last minute`;
    alarms.push({kind: "loop_slow", text, todo: "Its machine has too little processor time or memory: give it more."});
  }
  return alarms;
}
