import type {ExitState} from "../../../schemas/query.js";

/** The state of an exit: a shape and a word. */
export const ExitStateMark = ({state}: {state: ExitState}) => (
  <span class={`exit-state ${state}`}>
    <svg width="11" height="11" viewBox="0 0 11 11" aria-hidden="true">
      <circle
        cx="5.5"
        cy="5.5"
        r="4.3"
        class={state === "complete" ? "full" : ""}
        stroke-dasharray={state === "expired" ? "2 1.6" : undefined}
      />
      {state === "rejected" && <path d="M3.6 3.6 L7.4 7.4 M7.4 3.6 L3.6 7.4" />}
      {state === "superseded" && <path d="M3.4 5.5 H7.4 M5.8 3.8 L7.5 5.5 L5.8 7.2" />}
    </svg>{" "}
    {state}
  </span>
);
