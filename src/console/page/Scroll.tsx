import type {ComponentChildren} from "preact";

/** What may be wider than the page: it scrolls by itself, also with the keyboard. */
export const Scroll = ({label, children}: {label: string; children: ComponentChildren}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus is scrolled with the keyboard.
  <section class="scroll" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
