import {renderToString} from "preact-render-to-string";
import {Page} from "./Page.js";
import type {renderPage as RenderPage} from "./renderPage.js";
import {titleOf} from "./titleOf.js";

/** JSON that ends no element, whatever its strings say. */
const inElement = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

export const renderPage: typeof RenderPage = (state, {script, style, icon}) => {
  const head = renderToString(
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="robots" content="noindex" />
      <title>{titleOf(state)}</title>
      <link rel="icon" href={icon} />
      <link rel="stylesheet" href={style} />
      <script type="module" src={script} />
    </head>,
  );
  const page = renderToString(<Page state={state} />);
  const data = `<script type="application/json" id="state">${inElement(state)}</script>`;
  return `<!doctype html><html lang="en">${head}<body><div id="page">${page}</div>${data}</body></html>`;
};
