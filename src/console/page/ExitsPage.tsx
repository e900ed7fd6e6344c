import type {ExitState} from "../../../schemas/query.js";
import type {ExitLine, Status} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {type ExitFilter, urlOf} from "../place.js";
import {Filters} from "./Filters.js";
import {Key} from "./Key.js";
import {lacksText} from "./lacksText.js";
import type {ShownExits} from "./mergeExits.js";
import {Scroll} from "./Scroll.js";
import {Since, Time} from "./Time.js";
import type {View} from "./view.js";

type Props = {filter: ExitFilter; shown: ShownExits | undefined; status: Status | undefined; view: View};

/** Exits, as the filter chooses them. Rows that are shown stay where they are. */
export function ExitsPage({filter, shown, status, view}: Props) {
  const clusters = status?.clusters ?? [];
  return (
    <>
      <h1>Exits</h1>
      <Filters filter={filter} clusters={clusters.map(({cluster_id}) => cluster_id)} />
      {shown === undefined ? (
        <p class="asking">Asking the relayer…</p>
      ) : shown.lines.length === 0 ? (
        <NoExits filter={filter} />
      ) : (
        <ExitTable filter={filter} shown={shown} view={view} />
      )}
      <nav class="pages" aria-label="Pages of this list">
        {filter.after !== undefined && <a href={urlOf({page: "exits", filter: withoutAfter(filter)})}>First page</a>}
        {shown?.cursor !== undefined && <a href={urlOf({page: "exits", filter: {...filter, after: shown.cursor}})}>Next page</a>}
        {shown !== undefined && shown.unseen > 0 && (
          <a href={urlOf({page: "exits", filter})} data-refresh="">
            {shown.unseen} more: show {shown.unseen === 1 ? "it" : "them"}
          </a>
        )}
      </nav>
    </>
  );
}

const withoutAfter = ({after: _, ...filter}: ExitFilter): ExitFilter => filter;

const ExitTable = ({filter, shown, view}: {filter: ExitFilter; shown: ShownExits; view: View}) => (
  <Scroll label="Exits">
    <table class="exits">
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col" class="number">
            Index
          </th>
          <th scope="col">Cluster</th>
          <th scope="col" class="number">
            {filter.state === "open" ? "Open for" : filter.state === "complete" ? "Completed" : "Asked for"}
          </th>
          {filter.state === "complete" && (
            <th scope="col" class="number">
              Took
            </th>
          )}
          <th scope="col">Shares</th>
          <th scope="col">{filter.state === "complete" ? "Result" : "Whose turn"}</th>
        </tr>
      </thead>
      <tbody>
        {shown.lines.map(({line, hasLeft}) => (
          <tr key={`${line.public_key} ${line.validator_index}`} class={hasLeft ? "left" : ""}>
            <th scope="row">
              <Key
                value={line.public_key}
                href={urlOf({page: "exit", key: line.public_key, index: line.validator_index})}
                view={view}
              />
            </th>
            <td class="number">{line.validator_index}</td>
            <td>
              <a href={urlOf({page: "cluster", cluster: line.cluster_id})}>{line.cluster_id}</a>
            </td>
            <td class="number">
              <When line={line} view={view} />
            </td>
            {filter.state === "complete" && <td class="number">{tookText(line)}</td>}
            <td>
              {line.has.length} of {line.needs}
              {line.has.length > 0 && <span class="aside"> {line.has.join(", ")}</span>}
            </td>
            <td>{hasLeft ? `no longer ${filter.state}` : turnText(line, view)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </Scroll>
);

function When({line: {state, opened_at, completed_at}, view}: {line: ExitLine; view: View}) {
  if (state === "open") return <Since ms={opened_at} view={view} />;
  return <Time ms={completed_at ?? opened_at} view={view} precision="seconds" />;
}

const tookText = ({opened_at, completed_at}: ExitLine): string =>
  completed_at === undefined ? "–" : durationText(completed_at - opened_at);

const turnText = ({state, is_taken, lacks}: ExitLine, view: View): string =>
  state === "complete" ? (is_taken ? "taken" : "not taken yet") : lacksText(lacks, view);

const NoExits = ({filter: {state, cluster, key, older, after}}: {filter: ExitFilter}) => {
  const isNarrow = cluster !== undefined || key !== undefined || older !== undefined || after !== undefined;
  return (
    <p class="empty">
      {isNarrow ? "No exit fits this filter." : emptyTexts[state]}
      {!isNarrow && (state === "open" || state === "complete") && (
        <>
          {" "}
          An operator asks with <code>dvt operator request</code>.
        </>
      )}
    </p>
  );
};

const emptyTexts: Record<ExitState, string> = {
  open: "No exit is open: whatever was asked for is answered.",
  complete: "No exit is complete yet.",
  rejected: "No exit was rejected.",
  superseded: "No exit was superseded: no key was asked for again with another index.",
  expired: "No exit has expired.",
};
