/** What became of one exit at one share index. */
export type MarkShape = "signed" | "refused" | "waiting" | "silent";

/** A square that can be told from the others without its colour: full, crossed, half or empty. */
export function Mark({shape, x}: {shape: MarkShape; x: number}) {
  return (
    <g class={shape} transform={`translate(${x} 0)`}>
      <rect x="1" y="1" width="9" height="9" rx="1.5" />
      {shape === "waiting" && <path class="half" d="M1 10 L10 1 V8.5 Q10 10 8.5 10 Z" />}
      {shape === "refused" && <path class="cross" d="M3.2 3.2 L7.8 7.8 M7.8 3.2 L3.2 7.8" />}
    </g>
  );
}
