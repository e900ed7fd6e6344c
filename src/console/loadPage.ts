import {createHash} from "node:crypto";
import {readFile} from "node:fs/promises";
import {builtFile} from "../runtime/projectRoot.js";
import type {PageState} from "./pageState.js";

/** A file that the page loads. Its name has the hash of its content: a browser may keep it for ever. */
export type PageFile = {readonly url: string; readonly type: string; readonly content: Buffer};

/** The page as it was built. */
export type BuiltPage = {readonly files: readonly PageFile[]; render(state: PageState): string};

const types = {"page.js": "text/javascript; charset=utf-8", "page.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"};

/** Loads what `rolldown.config.ts` built. */
export async function loadPage(): Promise<BuiltPage> {
  const {renderPage} = await import("./page/renderPage.js");
  const files = await Promise.all(
    Object.entries(types).map(async ([name, type]): Promise<PageFile> => {
      const content = await readFile(builtFile("page", name));
      const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
      return {url: `/files/${hash}/${name}`, type, content};
    }),
  );
  const [script = "", style = "", icon = ""] = files.map(({url}) => url);
  return {files, render: (state) => renderPage(state, {script, style, icon})};
}
