import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {startDvt} from "../../src/sandbox/dvtProcess.js";
import {openBrowser} from "../support/browser/openBrowser.js";

const picture = join(projectRoot, "docs/img/console.png");

/** Makes the README's picture of the console: what the demo shows once its exits are complete. */
async function makeScreenshot(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "dvt-screenshot-"));
  const size = ["--cluster-type", "OBOL,SSV", "--validators", "20"];
  const demo = startDvt(["demo", "--keep", ...size, "--output", join(folder, "results.json")], {});
  const browser = await openBrowser();
  try {
    const [, url = ""] = await demo.line(/the console shows all of it on (\S+)/);
    await demo.line(/Everything stays up until Ctrl\+C/);
    const page = await browser.newPage({viewport: {width: 1240, height: 560}, deviceScaleFactor: 1.5});
    await page.goto(url);
    await page.getByRole("status").getByText("live").waitFor();
    await page.getByText("40 exits completed").waitFor();
    await page.screenshot({path: picture});
  } finally {
    await browser.close();
    await demo.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

await makeScreenshot();
