// Makes the README's pictures, from real runs: npm run screenshot
import {join} from "node:path";
import {projectRoot} from "../../src/runtime/projectRoot.js";
import {openBrowser} from "../support/browser/openBrowser.js";
import {drawConsole} from "./drawConsole.js";
import {drawRegistering} from "./drawRegistering.js";

const pictures = {console: drawConsole, registering: drawRegistering};
const asked = process.argv.slice(2);

const browser = await openBrowser();
try {
  for (const [name, draw] of Object.entries(pictures)) {
    if (asked.length === 0 || asked.includes(name)) await draw(browser, join(projectRoot, "docs/img", `${name}.png`));
  }
} finally {
  await browser.close();
}
