import type {ExitStory} from "../../../schemas/status.js";
import {durationText} from "../../runtime/durationText.js";
import {type ExitEvent, eventsOf} from "./eventsOf.js";
import {Scroll} from "./Scroll.js";
import {scaleOf} from "./scaleOf.js";
import {timeText} from "./timeText.js";
import type {View} from "./view.js";

const rowHeight = 24;
const top = 26;
const left = 104;
const right = 224;
const width = 1120;
const inner = width - left - right;

/** The life of an exit as a picture: a row for each thing that happens, a mark where it did; long gaps are shortened. */
export function Timeline({story, view}: {story: ExitStory; view: View}) {
  const events = eventsOf(story);
  const isOpen = story.state === "open";
  const times = events.flatMap(({at}) => at ?? []);
  const end = isOpen ? Math.max(view.at, ...times) : Math.max(...times);
  const {positionOf, shortened} = scaleOf([...times, end]);
  const xOf = (ms: number): number => left + positionOf(ms) * inner;
  const height = top + events.length * rowHeight + 8;
  return (
    <Scroll label="Time line; the same in words is below">
      <svg class="timeline" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
        {shortened.map(({from, to, ms}) => (
          <g key={from} class="gap">
            <rect
              x={left + from * inner + 3}
              y={top - 4}
              width={Math.max(0, (to - from) * inner - 6)}
              height={height - top - 4}
            />
            <text x={left + ((from + to) / 2) * inner} y={14} text-anchor="middle">
              {durationText(ms)}
            </text>
          </g>
        ))}
        {events.map((event, row) => (
          <Row
            key={`${event.name} ${event.note}`}
            event={event}
            y={top + row * rowHeight + rowHeight / 2}
            x={event.at === undefined ? undefined : xOf(event.at)}
            openUntil={isOpen ? xOf(end) : undefined}
            start={story.opened_at}
            view={view}
          />
        ))}
      </svg>
    </Scroll>
  );
}

type RowProps = {event: ExitEvent; x: number | undefined; y: number; openUntil: number | undefined; start: number; view: View};

function Row({event: {name, at, kind, note}, x, y, openUntil, start, view}: RowProps) {
  const isPending = x === undefined || at === undefined;
  const label = isPending ? pendingText(kind, note) : [offsetText(at - start), note].filter(Boolean).join(" · ");
  const from = x ?? openUntil ?? left;
  return (
    <g class={`row ${kind}${isPending ? " pending" : ""}`}>
      <line x1={left} x2={width - right} y1={y} y2={y} class="track" />
      <text x={left - 14} y={y} text-anchor="end" dominant-baseline="central" class="name">
        {name}
      </text>
      {isPending && kind !== "step" && openUntil !== undefined && <line x1={left} x2={openUntil} y1={y} y2={y} class="wait" />}
      {!isPending && <Sign x={from} y={y} kind={kind} />}
      <text x={from + 12} y={y} dominant-baseline="central" class="label">
        {label}
        {at !== undefined && <title>{timeText(at, view, "milliseconds")}</title>}
      </text>
    </g>
  );
}

function Sign({x, y, kind}: {x: number; y: number; kind: ExitEvent["kind"]}) {
  if (kind === "step") return <circle cx={x} cy={y} r="4.5" />;
  return (
    <g transform={`translate(${x - 5.5} ${y - 5.5})`}>
      <rect x="1" y="1" width="9" height="9" rx="1.5" />
      {kind === "refused" && <path class="cross" d="M3.2 3.2 L7.8 7.8 M7.8 3.2 L3.2 7.8" />}
    </g>
  );
}

/** A share says why it is missing; a step has not been reached. */
const pendingText = (kind: ExitEvent["kind"], note = ""): string => (kind === "step" ? "not yet" : note);

/** "0", "+ 41 ms", "+ 12 min". */
const offsetText = (ms: number): string => (ms <= 0 ? "0" : `+ ${durationText(ms)}`);
