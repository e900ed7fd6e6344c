import type {RoleStatus, Status} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {sizeText} from "../../runtime/sizeText.js";
import {Alarms} from "./Alarms.js";
import {Hash} from "./Key.js";
import {offsetText} from "./offsetText.js";
import {Scroll} from "./Scroll.js";
import {Since, Time} from "./Time.js";
import type {View} from "./view.js";

/** Every process, the oracle set, and what waits on the bus. */
export const SystemPage = ({status, view}: {status: Status; view: View}) => {
  const alarms = status.alarms.filter(({cluster_id}) => cluster_id === undefined);
  return (
    <>
      <h1>System</h1>
      {alarms.length > 0 && <Alarms alarms={alarms} view={view} />}
      <h2>Roles</h2>
      <Roles roles={status.roles} view={view} />
      <h2>Oracles</h2>
      <Oracles status={status} view={view} />
      {status.streams.length > 0 && (
        <>
          <h2>Streams</h2>
          <Streams streams={status.streams} />
        </>
      )}
      <h2>Keys left</h2>
      {status.keys_left.length === 0 ? (
        <p class="empty">No gateway says how many keys its vaults have left.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Vault</th>
              <th scope="col" class="number">
                Keys
              </th>
            </tr>
          </thead>
          <tbody>
            {status.keys_left.map(({vault, keys}) => (
              <tr key={vault}>
                <th scope="row">
                  <Hash value={vault} what="vault" view={view} />
                </th>
                <td class="number">{keys.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
};

const Roles = ({roles, view}: {roles: readonly RoleStatus[]; view: View}) =>
  roles.length === 0 ? (
    <p class="empty">No role has said anything yet.</p>
  ) : (
    <Scroll label="Roles">
      <table>
        <thead>
          <tr>
            <th scope="col">Participant</th>
            <th scope="col">State</th>
            <th scope="col">Version</th>
            <th scope="col" class="number">
              Runs for
            </th>
            <th scope="col" class="number">
              Last seen
            </th>
            <th scope="col">Clock</th>
            <th scope="col" class="number">
              Loop delay
            </th>
            <th scope="col">Waits for</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={`${role.participant} ${role.instance}`}>
              <th scope="row">
                {role.participant} <span class="aside">{role.instance}</span>
              </th>
              <td class={role.state === "away" ? "act" : ""}>{role.state}</td>
              <td>{role.version}</td>
              <td class="number">{role.state === "here" ? <Since ms={role.started_at} view={view} /> : "–"}</td>
              <td class="number">
                <Time ms={role.last_seen} view={view} precision="seconds" />
              </td>
              <td>{role.clock_offset_ms === undefined ? "–" : offsetText(role.clock_offset_ms)}</td>
              <td class="number">{role.loop_delay_ms === undefined ? "–" : `${role.loop_delay_ms} ms`}</td>
              <td>
                {role.waits.length === 0
                  ? "–"
                  : role.waits.map(({code, since, exits}) => (
                      <span key={code}>
                        <code>{code}</code> for <Since ms={since} view={view} /> ({exits}){" "}
                      </span>
                    ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );

function Oracles({status: {oracles}, view}: {status: Status; view: View}) {
  if (!oracles) return <p class="empty">The relayer has not said which oracle set it works with.</p>;
  const {config_hash, oracles: all, threshold, source, since, checked_at} = oracles;
  return (
    <p>
      {threshold} of {all}, set <Hash value={config_hash} what="oracle set" view={view} /> for <Since ms={since} view={view} />,{" "}
      {source === "file" ? "from a file" : "from the chain"}
      {checked_at !== undefined && <>, checked {durationText(view.at - checked_at)} ago</>}
    </p>
  );
}

const Streams = ({streams}: {streams: Status["streams"]}) => (
  <Scroll label="Streams">
    <table>
      <thead>
        <tr>
          <th scope="col">Stream, consumer</th>
          <th scope="col" class="number">
            Messages
          </th>
          <th scope="col" class="number">
            Size
          </th>
          <th scope="col" class="number">
            Waiting
          </th>
          <th scope="col" class="number">
            In hand
          </th>
          <th scope="col" class="number">
            Redelivered
          </th>
          <th scope="col">Taken from</th>
        </tr>
      </thead>
      <tbody>
        {streams.flatMap(({stream, messages, bytes, consumers}) => [
          <tr key={stream} class="stream">
            <th scope="row">{stream}</th>
            <td class="number">{messages.toLocaleString("en")}</td>
            <td class="number">{sizeText(bytes)}</td>
            <td colSpan={4} />
          </tr>,
          ...consumers.map(({name, waiting, ack_pending, redelivered, connected}) => (
            <tr key={`${stream} ${name}`} class="consumer">
              <th scope="row">{name}</th>
              <td colSpan={2} />
              <td class="number">{waiting.toLocaleString("en")}</td>
              <td class="number">{ack_pending.toLocaleString("en")}</td>
              <td class="number">{redelivered.toLocaleString("en")}</td>
              <td class={connected ? "" : "act"}>{connected ? "yes" : "no"}</td>
            </tr>
          )),
        ])}
      </tbody>
    </table>
  </Scroll>
);
