import {Mark, type MarkShape} from "./Mark.js";

const shapes: readonly MarkShape[] = ["signed", "waiting", "refused", "silent"];

/** What the squares mean. */
export const Legend = () => (
  <ul class="legend" aria-label="What the squares mean">
    {shapes.map((shape) => (
      <li key={shape}>
        <svg class="marks" width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
          <Mark shape={shape} x={0} />
        </svg>{" "}
        {shape}
      </li>
    ))}
  </ul>
);
