import type {ComponentChildren} from "preact";
import type {ClusterStatus, ShareIndexStatus} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {durationText} from "../../runtime/durationText.js";
import {urlOf} from "../place.js";
import {Legend} from "./Legend.js";
import {Marks} from "./Marks.js";
import {offsetText} from "./offsetText.js";
import {Why} from "./ShareIndexTable.js";
import {StateMark} from "./StateMark.js";
import {Since, Time} from "./Time.js";
import type {View} from "./view.js";

/** One node of a cluster: is it seen, what does it do, what does it wait for? */
export const ShareIndexPage = ({cluster, index, view}: {cluster: ClusterStatus; index: ShareIndexStatus; view: View}) => {
  const {cluster_id: id} = cluster;
  return (
    <>
      <header class="title">
        <h1>
          <a href={urlOf({page: "cluster", cluster: id})}>{id}</a> share index {index.share_index}
        </h1>
        <p>
          <StateMark state={index.state} /> <Why index={index} view={view} />
        </p>
      </header>
      <dl class="facts">
        <Fact name="last seen">{index.last_seen === undefined ? "never" : <Ago ms={index.last_seen} view={view} />}</Fact>
        <Fact name="last signed">{index.last_signed === undefined ? "not yet" : <Ago ms={index.last_signed} view={view} />}</Fact>
        <Fact name="signed since its start">{index.signed.toLocaleString("en")}</Fact>
        {index.key_shares !== undefined && <Fact name="key shares">{index.key_shares.toLocaleString("en")}</Fact>}
        {index.version !== undefined && <Fact name="version">{index.version}</Fact>}
        {index.beacon && (
          <Fact name="beacon node">
            <Server server={index.beacon} view={view} />
          </Fact>
        )}
        {index.signer && (
          <Fact name="signer">
            <Server server={index.signer} view={view} />
          </Fact>
        )}
        {index.clock_offset_ms !== undefined && <Fact name="its clock">{offsetText(index.clock_offset_ms)}</Fact>}
      </dl>
      <div class="heading">
        <h2>Latest exits</h2>
        <Legend />
      </div>
      <Marks latest={index.latest} />
      <h2>Waits for</h2>
      {index.waits.length === 0 ? (
        <p class="calm">Nothing.</p>
      ) : (
        <ul>
          {index.waits.map(({code, since, exits}) => (
            <li key={code}>
              <code>{code}</code> for <Since ms={since} view={view} />: {countText(exits, "exit")}
            </li>
          ))}
        </ul>
      )}
      <h2>Refused</h2>
      {index.refused.length === 0 ? (
        <p class="calm">Nothing.</p>
      ) : (
        <ul>
          {index.refused.map(({code, exits}) => (
            <li key={code}>
              <code>{code}</code>: {countText(exits, "exit")}
            </li>
          ))}
        </ul>
      )}
    </>
  );
};

const Fact = ({name, children}: {name: string; children: ComponentChildren}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Ago = ({ms, view}: {ms: number; view: View}) => (
  <>
    <Time ms={ms} view={view} precision="seconds" /> <span class="aside">{durationText(view.at - ms)} ago</span>
  </>
);

const Server = ({server: {state, since}, view}: {server: {state: string; since: number}; view: View}) => (
  <>
    {state} since <Time ms={since} view={view} />
  </>
);
