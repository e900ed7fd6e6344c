import {readFileSync} from "node:fs";
import {defineConfig, type RolldownOptions} from "rolldown";

const source = "src/console/page";
const folder = "dist/src/console/page";
const banner = "/*! Contains Preact, MIT licence, (c) Jason Miller */";

/** The console's page twice: as the server writes it, and as it goes on in the browser. Both are whole, and load nothing else. */
export default defineConfig([
  {
    input: `${source}/server.tsx`,
    platform: "node",
    output: {file: `${folder}/renderPage.js`, format: "esm", banner},
  },
  {
    input: `${source}/browser.tsx`,
    platform: "browser",
    transform: {target: "es2022"},
    output: {file: `${folder}/page.js`, format: "esm", minify: true, banner},
    plugins: [
      {
        name: "files",
        generateBundle() {
          for (const fileName of ["page.css", "icon.svg"]) {
            this.emitFile({type: "asset", fileName, source: readFileSync(`${source}/${fileName}`)});
          }
        },
      },
    ],
  },
] satisfies RolldownOptions[]);
