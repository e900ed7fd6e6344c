import {readFile} from "node:fs/promises";
import type {Page} from "playwright-core";

const axeFile = new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url);
let axe: string | undefined;

type Found = {violations: {id: string; nodes: {html: string; failureSummary?: string}[]}[]};

/** What keeps people from using the page, as axe finds it, in light and in dark: a rule and an element each. */
export async function findBarriers(page: Page): Promise<string[]> {
  axe ??= await readFile(axeFile, "utf8");
  // The page's policy allows no script of ours to be added to it; one that is evaluated is not part of it.
  await page.evaluate(axe);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({colorScheme});
    const {violations} = (await page.evaluate("axe.run()")) as Found;
    for (const {id, nodes} of violations) {
      found.push(...nodes.map(({html, failureSummary = ""}) => `${colorScheme} ${id}: ${html} ${failureSummary}`));
    }
  }
  return found;
}
