import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser} from "playwright-core";
import {startDvt} from "../../src/sandbox/dvtProcess.js";

/** Draws the console as the demo shows it once its exits are complete. */
export async function drawConsole(browser: Browser, picture: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-screenshot-"));
  const size = ["--cluster-type", "OBOL,SSV", "--validators", "20"];
  const demo = startDvt(["demo", "--keep", ...size, "--output", join(folder, "results.json")], {});
  try {
    const [, url = ""] = await demo.line(/the console shows all of it on (\S+)/);
    await demo.line(/Everything stays up until Ctrl\+C/);
    const page = await browser.newPage({viewport: {width: 1240, height: 560}, deviceScaleFactor: 1.5});
    await page.goto(url);
    await page.getByRole("status").getByText("live").waitFor();
    await page.getByText("40 exits completed").waitFor();
    await page.screenshot({path: picture});
  } finally {
    await demo.stop();
    await rm(folder, {recursive: true, force: true});
  }
}
