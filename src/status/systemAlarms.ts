import type {Alarm, Status} from "../../schemas/status.js";
import {countText} from "../runtime/countText.js";
import {durationText} from "../runtime/durationText.js";
import {thresholds} from "./thresholds.js";
import {toAlarm} from "./toAlarm.js";

/** What needs attention beside clusters and roles. */
export const systemAlarms = (status: Status): Alarm[] =>
  [...deadLetters(status), ...resultsOwed(status), ...oraclesOld(status), ...keysLow(status)].map(toAlarm);

function deadLetters({dead_letters: letters}: Status): Alarm[] {
  if (!letters || letters.last_hour === 0) return [];
  return [
    {
      kind: "dead_letters",
      text: `${countText(letters.last_hour, "dead letter")} within the last hour, ${letters.total} in all`,
      todo: "`dvt dead-letters list` has the reason of each.",
    },
  ];
}

function resultsOwed({results_owed: owed, at}: Status): Alarm[] {
  const {oldest_since: since = at, results = 0} = owed ?? {};
  if (at - since < thresholds.owedMs) return [];
  return [
    {
      kind: "results_owed",
      since,
      text: `${countText(results, "result")} not published for ${durationText(at - since)}`,
      todo: "Is an aggregator running? Its log says why it cannot publish to COMPLETIONS.",
    },
  ];
}

function oraclesOld({oracles, at}: Status): Alarm[] {
  const {checked_at: since = at} = oracles ?? {};
  if (at - since < thresholds.oraclesMs) return [];
  return [
    {
      kind: "oracles_old",
      since,
      text: `the oracle set was not read from the chain for ${durationText(at - since)}`,
      todo: "Check the relayer's EXECUTION_ENDPOINT and IPFS_FETCH_ENDPOINTS: its log says which does not answer.",
    },
  ];
}

const keysLow = ({keys_left}: Status): Alarm[] =>
  keys_left
    .filter(({keys}) => keys < thresholds.keysLeft)
    .map(({vault, keys}) => ({
      kind: "keys_low",
      text: `${countText(keys, "key")} left for vault ${vault}`,
      todo: "Add validators to one of the vault's clusters, or name another cluster in the vault's rules.",
    }));
