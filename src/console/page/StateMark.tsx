import type {ShareIndexState} from "../../../schemas/status.js";
import {Mark, type MarkShape} from "./Mark.js";

const shapes: Record<ShareIndexState, MarkShape> = {signs: "signed", waits: "waiting", refuses: "refused", away: "silent"};

/** What a share index does: a shape and a word, before any colour. */
export const StateMark = ({state}: {state: ShareIndexState}) => (
  <span class={`state ${state}`}>
    <svg class="marks" width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
      <Mark shape={shapes[state]} x={0} />
    </svg>
    {state}
  </span>
);
