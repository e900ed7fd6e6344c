import type {Status} from "../../../schemas/status.js";
import {countText} from "../../runtime/countText.js";
import type {OutOfDate, PageState} from "../pageState.js";
import {type Place, readPlace, urlOf} from "../place.js";
import {ClusterPage} from "./ClusterPage.js";
import {DeadLettersPage} from "./DeadLettersPage.js";
import {ExitPage, NoExit} from "./ExitPage.js";
import {ExitsPage} from "./ExitsPage.js";
import {mergeExits, type ShownExits} from "./mergeExits.js";
import {Overview} from "./Overview.js";
import {ShareIndexPage} from "./ShareIndexPage.js";
import {SystemPage} from "./SystemPage.js";
import {Time} from "./Time.js";
import {unansweredText} from "./unansweredText.js";
import type {View} from "./view.js";

/** What only a running browser knows. */
export type Running = {
  readonly zone: string;
  readonly copied?: string | undefined;
  /** Why the page is not kept up to date; undefined while it is, or while no script runs. */
  readonly interruption?: string | undefined;
  readonly isLive: boolean;
  /** The rows that are shown already. */
  readonly shownExits?: ShownExits | undefined;
};

const still: Running = {zone: "UTC", isLive: false};

/** The page of any place. It depends on nothing but these. */
export function Page({state, running = still}: {state: PageState; running?: Running}) {
  const place = readPlace(state.url);
  const view: View = {at: state.at, zone: running.zone, copied: running.copied};
  const {status} = state.answers;
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="bar">
        <a class="brand" href="/">
          dvt
        </a>
        {status && <Scope status={status} />}
        <nav aria-label="Pages">
          <Link to={{page: "overview"}} place={place}>
            Overview
          </Link>
          <Link to={{page: "exits", filter: {state: "open"}}} place={place}>
            Exits
          </Link>
          <Link to={{page: "deadLetters"}} place={place}>
            Dead letters{" "}
            {status?.dead_letters !== undefined && status.dead_letters.total > 0 && (
              <span class="count">{status.dead_letters.total.toLocaleString("en")}</span>
            )}
          </Link>
          <Link to={{page: "system"}} place={place}>
            System
          </Link>
        </nav>
        <Liveness state={state} running={running} view={view} />
      </header>
      <main id="main" tabIndex={-1} class={state.outOfDate === undefined && !running.interruption ? "" : "out-of-date"}>
        <Content place={place} state={state} running={running} view={view} />
      </main>
    </>
  );
}

const Scope = ({status: {network, clusters}}: {status: Status}) => {
  const validators = clusters.reduce((sum, it) => sum + it.validators, 0);
  return (
    <p class="scope">
      {network} · {countText(clusters.length, "cluster")} · {validators.toLocaleString("en")}{" "}
      {validators === 1 ? "validator" : "validators"}
    </p>
  );
};

const Link = ({to, place, children}: {to: Place; place: Place | undefined; children: preact.ComponentChildren}) => {
  const isHere = place !== undefined && sectionOf(place) === to.page;
  return (
    <a href={urlOf(to)} aria-current={isHere ? "page" : undefined}>
      {children}
    </a>
  );
};

/** The entry of the bar that a place belongs to. */
function sectionOf({page}: Place): Place["page"] {
  if (page === "cluster" || page === "shareIndex") return "overview";
  return page === "exit" ? "exits" : page;
}

/** Whether what is shown is so now. Only a change of words is announced, not the time. */
function Liveness({state: {outOfDate}, running: {interruption, isLive}, view}: {state: PageState; running: Running; view: View}) {
  const why = interruption ?? (outOfDate && unansweredText(outOfDate));
  if (why !== undefined) {
    return (
      <p class="liveness stale" role="status">
        <span aria-hidden="true">◌</span> {why}: out of date since{" "}
        <Time ms={outOfDate?.since ?? view.at} view={view} precision="seconds" />
      </p>
    );
  }
  return (
    <p class="liveness">
      <span role="status">
        <span aria-hidden="true">{isLive ? "●" : "○"}</span> {isLive ? "live" : "as of"}
      </span>{" "}
      <Time ms={view.at} view={view} precision="seconds" /> {view.zone === "UTC" && "UTC"}
    </p>
  );
}

type ContentProps = {place: Place | undefined; state: PageState; running: Running; view: View};

function Content({place, state: {answers, outOfDate}, running, view}: ContentProps) {
  const {status, exits, exit, dead_letters: letters} = answers;
  if (place === undefined) return <NoPlace />;
  if (place.page === "exits") {
    const shown = running.shownExits ?? (exits && mergeExits(undefined, exits));
    return <ExitsPage filter={place.filter} shown={shown} status={status} view={view} />;
  }
  if (place.page === "deadLetters") return <DeadLettersPage letters={letters} after={place.after} view={view} />;
  if (place.page === "exit") {
    if (exit) return <ExitPage story={exit} view={view} />;
    return exit === null ? <NoExit publicKey={place.key} /> : <Asking outOfDate={outOfDate} />;
  }
  if (status === undefined) return <Asking outOfDate={outOfDate} />;
  if (place.page === "overview") return <Overview status={status} view={view} />;
  if (place.page === "system") return <SystemPage status={status} view={view} />;
  const cluster = status.clusters.find(({cluster_id}) => cluster_id === place.cluster);
  if (!cluster) return <NoPlace />;
  if (place.page === "cluster") return <ClusterPage cluster={cluster} status={status} view={view} />;
  const index = cluster.share_indexes.find(({share_index}) => share_index === place.shareIndex);
  return index ? <ShareIndexPage cluster={cluster} index={index} view={view} /> : <NoPlace />;
}

const Asking = ({outOfDate}: {outOfDate: OutOfDate | undefined}) => (
  <>
    <h1 class="unseen">dvt console</h1>
    {outOfDate === undefined ? (
      <p class="asking">Asking the relayer…</p>
    ) : outOfDate.unanswered.length > 0 ? (
      <p class="empty">The relayer answers, but not this. It is asked again every second; its log says what it lacks.</p>
    ) : (
      <p class="empty">
        No relayer answers. It is asked again every second. Is one running, and does <code>dvt status</code> reach the bus?
      </p>
    )}
  </>
);

const NoPlace = () => (
  <>
    <h1>Nothing here</h1>
    <p class="empty">
      This console knows no such place. <a href="/">To the overview.</a>
    </p>
  </>
);
