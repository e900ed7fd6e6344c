import {shortKey} from "./shortKey.js";
import type {View} from "./view.js";

/** A button that copies the whole text. */
export const Copy = ({text, what, view}: {text: string; what: string; view: View}) => (
  <button type="button" class="copy" data-copy={text} title={`Copy ${what}`}>
    {view.copied === text ? "copied" : "copy"}
    <span class="unseen"> {what}</span>
  </button>
);

/** A key that leads to its exit, shortened, with a button that copies all of it. */
export const Key = ({value, href, view}: {value: string; href: string; view: View}) => (
  <span class="key">
    <a href={href} title={value}>
      {shortKey(value)}
    </a>
    <Copy text={value} what={`key ${shortKey(value)}`} view={view} />
  </span>
);

/** A hash or an address, shortened; copied whole by a click or Enter. */
export const Hash = ({value, what, view}: {value: string; what: string; view: View}) => (
  <button type="button" class="hash" data-copy={value} title={value}>
    <span class="unseen">copy {what} </span>
    {view.copied === value ? "copied" : shortKey(value)}
  </button>
);
