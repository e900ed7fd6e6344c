import {durationText} from "../../runtime/durationText.js";
import {type Precision, timeText, utcText} from "./timeText.js";
import type {View} from "./view.js";

/** A time in the viewer's zone, with UTC in its title. */
export const Time = ({ms, view, precision}: {ms: number; view: View; precision?: Precision}) => (
  <time dateTime={new Date(ms).toISOString()} title={utcText(ms)}>
    {timeText(ms, view, precision)}
  </time>
);

/** How long ago a time was, as people say it, with the time in its title. */
export const Since = ({ms, view}: {ms: number; view: View}) => (
  <time dateTime={new Date(ms).toISOString()} title={`since ${utcText(ms)}`}>
    {durationText(view.at - ms)}
  </time>
);
