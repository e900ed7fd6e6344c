import type {Browser} from "playwright-core";
import {startDvt} from "../../src/sandbox/dvtProcess.js";

/** Draws a terminal with what `dvt demo --register` printed. */
export async function drawRegistering(browser: Browser, picture: string): Promise<void> {
  const args = ["demo", "--register", "--validators", "3"];
  const demo = startDvt(args, {});
  try {
    if ((await demo.ended) !== 0) throw new Error(`the demo failed:\n${demo.output()}`);
  } finally {
    await demo.stop();
  }
  const page = await browser.newPage({viewport: {width: 1240, height: 560}, deviceScaleFactor: 1});
  await page.setContent(toHtml([`$ npm run ${args.join(" ").replace("demo", "demo --")}`, ...demo.output().split("\n")]));
  await page.locator("pre").screenshot({path: picture});
}

const toHtml = (lines: readonly string[]): string => `<!doctype html>
<style>
  body {margin: 0}
  pre {display: inline-block; margin: 0; padding: 14px 18px; background: #16181d; color: #aab0bb; font: 15px/1.45 ui-monospace, monospace}
  b {color: #fff}
  i {color: #7cc4a4; font-style: normal}
</style>
<pre>${lines.map(toLine).join("\n")}</pre>`;

/** The demo's own steps begin with a time, and those that are commands go on with a dollar. */
function toLine(line: string): string {
  const [, time = "", dollar = "", text = line] = /^( *[\d.]+ s +)?(\$ )?(.*)$/.exec(line) ?? [];
  const shown = escaped(`${dollar}${text}`);
  if (dollar !== "") return `<i>${time}</i><b>${shown}</b>`;
  return time === "" ? shown : `<i>${time}</i><span style="color: #e6e8ec">${shown}</span>`;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
