import type {ClusterStatus, ShareIndexStatus} from "../../../schemas/status.js";
import {urlOf} from "../place.js";
import {Marks} from "./Marks.js";
import {StateMark} from "./StateMark.js";
import {Time} from "./Time.js";
import type {View} from "./view.js";

const mostInColumn = 7;

/** Each share index of a cluster: what it does, why, since when, and what it did with the latest exits. Many are in two columns. */
export function ShareIndexTable({cluster, view}: {cluster: ClusterStatus; view: View}) {
  const {cluster_id: id, share_indexes: all} = cluster;
  const middle = isWide(cluster) ? Math.ceil(all.length / 2) : all.length;
  const halves = [all.slice(0, middle), all.slice(middle)].filter((half) => half.length > 0);
  return (
    <div class="halves">
      {halves.map((half) => (
        <Half key={half[0]?.share_index} cluster={id} indexes={half} view={view} />
      ))}
    </div>
  );
}

/** Whether a cluster has so many share indexes that they need two columns. */
export const isWide = ({share_indexes}: ClusterStatus): boolean => share_indexes.length > mostInColumn;

const Half = ({cluster, indexes, view}: {cluster: string; indexes: readonly ShareIndexStatus[]; view: View}) => (
  <table class="share-indexes">
    <thead>
      <tr>
        <th scope="col" class="number">
          Share
        </th>
        <th scope="col">State</th>
        <th scope="col" class="latest">
          Latest exits
        </th>
      </tr>
    </thead>
    <tbody>
      {indexes.map((it) => (
        <tr key={it.share_index}>
          <th scope="row" class="number">
            <a href={urlOf({page: "shareIndex", cluster, shareIndex: it.share_index})}>{it.share_index}</a>
          </th>
          <td>
            <StateMark state={it.state} /> <Why index={it} view={view} />
          </td>
          <td class="latest">
            <div class="newest">
              {it.latest.length === 0 ? <span class="aside">none yet</span> : <Marks latest={it.latest} />}
            </div>
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** The reason for a state that is not the usual one, or a server that is away although nothing waits for it yet. */
export function Why({index, view}: {index: ShareIndexStatus; view: View}) {
  const {state, since, last_seen, waits, refused, beacon, signer} = index;
  const [wait] = waits;
  const servers = [
    {name: "beacon node", server: beacon},
    {name: "signer", server: signer},
  ].flatMap(({name, server}) => (server && server.state !== "ok" ? [{name, ...server}] : []));
  const [server] = servers;
  if (state === "away") {
    const from = last_seen ?? since;
    return (
      <span class="why">
        {from === undefined ? (
          "never seen"
        ) : (
          <>
            since <Time ms={from} view={view} />
          </>
        )}
      </span>
    );
  }
  if (state === "waits" && wait) {
    return (
      <span class="why">
        {wait.code} since <Time ms={wait.since} view={view} />
      </span>
    );
  }
  if (state === "refuses") return <span class="why">{refused.map(({code}) => code).join(", ")}</span>;
  if (!server) return null;
  return (
    <span class="why">
      {server.name} {server.state} since <Time ms={server.since} view={view} />
    </span>
  );
}
