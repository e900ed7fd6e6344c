import type {ExitStory} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import {durationText} from "../../runtime/durationText.js";
import {urlOf} from "../place.js";
import {ExitStateMark} from "./ExitStateMark.js";
import {Copy, Hash} from "./Key.js";
import {lacksText} from "./lacksText.js";
import {Scroll} from "./Scroll.js";
import {shortKey} from "./shortKey.js";
import {storyText} from "./storyText.js";
import {Since, Time} from "./Time.js";
import {Timeline} from "./Timeline.js";
import type {View} from "./view.js";

/** One exit: its life as a picture, and in words. */
export function ExitPage({story, view}: {story: ExitStory; view: View}) {
  const {public_key: key, validator_index: index, cluster_id: cluster, lacks, has, needs} = story;
  const words = storyText(story, view.at);
  return (
    <>
      <header class="title">
        <h1>
          Exit <Hash value={key} what="key" view={view} /> <span class="aside">index {index}</span>
        </h1>
        <p>
          <ExitStateMark state={story.state} /> <StateSince story={story} view={view} /> ·{" "}
          <a href={urlOf({page: "cluster", cluster})}>{cluster}</a> · {has.length} of {needs} shares
        </p>
      </header>
      {story.state === "open" && lacks.length > 0 && <p class="turn">Whose turn: {lacksText(lacks, view)}.</p>}
      {story.superseded_by !== undefined && (
        <p>
          Superseded by <a href={urlOf({page: "exit", key, index: story.superseded_by})}>index {story.superseded_by}</a>.
        </p>
      )}
      <Timeline story={story} view={view} />
      <div class="heading">
        <h2>In words</h2>
        <Copy text={words} what="this text" view={view} />
      </div>
      <pre class="words">{words}</pre>
      <Requesters story={story} view={view} />
      <Refusals story={story} view={view} />
      <Facts story={story} view={view} />
    </>
  );
}

function StateSince({story: {state, opened_at, completed_at}, view}: {story: ExitStory; view: View}) {
  if (state === "open") {
    return (
      <>
        for <Since ms={opened_at} view={view} />
      </>
    );
  }
  if (completed_at === undefined) return null;
  return (
    <>
      after {durationText(completed_at - opened_at)}, at <Time ms={completed_at} view={view} precision="seconds" />
    </>
  );
}

const Requesters = ({story: {requesters, state}, view}: {story: ExitStory; view: View}) => (
  <>
    <h2>Asked for by</h2>
    <Scroll label="Requesters">
      <table>
        <thead>
          <tr>
            <th scope="col">Operator</th>
            <th scope="col">Asked at</th>
            <th scope="col">Order</th>
            <th scope="col">Result taken</th>
          </tr>
        </thead>
        <tbody>
          {requesters.map(({operator_id, requested_at, order_id, taken_at}) => (
            <tr key={operator_id}>
              <th scope="row">{operator_id}</th>
              <td>
                <Time ms={requested_at} view={view} precision="seconds" />
              </td>
              <td>
                <Hash value={order_id} what="order" view={view} />
              </td>
              <td>
                {taken_at !== undefined ? (
                  <Time ms={taken_at} view={view} precision="seconds" />
                ) : state === "complete" ? (
                  "not yet"
                ) : (
                  "–"
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  </>
);

const Refusals = ({story: {refusals}, view}: {story: ExitStory; view: View}) =>
  refusals.length === 0 ? null : (
    <>
      <h2>Refusals</h2>
      <Scroll label="Refusals">
        <table>
          <thead>
            <tr>
              <th scope="col" class="number">
                Share
              </th>
              <th scope="col">Code</th>
              <th scope="col">At</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {refusals.map(({share_index, at, code, reason}) => (
              <tr key={share_index}>
                <th scope="row" class="number">
                  {share_index}
                </th>
                <td>
                  <code>{code}</code>
                </td>
                <td>{at === undefined ? "–" : <Time ms={at} view={view} precision="seconds" />}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );

function Facts({story: {oracles_config_hash: set, issues, deposit}, view}: {story: ExitStory; view: View}) {
  if (set === undefined && issues === undefined && deposit === undefined) return null;
  return (
    <dl class="facts">
      {issues !== undefined && (
        <div>
          <dt>asked of the sidecars</dt>
          <dd>{countText(issues, "time")}</dd>
        </div>
      )}
      {set !== undefined && (
        <div>
          <dt>oracle set of the result</dt>
          <dd>
            <Hash value={set} what="oracle set" view={view} />
          </dd>
        </div>
      )}
      {deposit !== undefined && (
        <div>
          <dt>deposit</dt>
          <dd>
            {deposit.is_signed ? "signed" : "not signed yet"}: {(deposit.amount / 1e9).toLocaleString("en")} ETH,{" "}
            {deposit.validator_type}, to <Hash value={deposit.vault} what="vault" view={view} />
          </dd>
        </div>
      )}
    </dl>
  );
}

/** What is said if nobody asked for an exit of this key. */
export const NoExit = ({publicKey}: {publicKey: string}) => (
  <>
    <h1>Exit {shortKey(publicKey)}</h1>
    <p class="empty">
      Nobody asked for this exit, or it is of a cluster that this console may not see. An operator asks with{" "}
      <code>dvt operator request --public-keys {shortKey(publicKey)}</code>.
    </p>
  </>
);
