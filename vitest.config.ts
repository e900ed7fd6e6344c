import {fileURLToPath} from "node:url";
import {defineConfig} from "vitest/config";
import {BaseSequencer, type TestSpecification} from "vitest/node";
import {patience} from "./test/support/patience.js";

const patient = {
  testTimeout: patience.testMs,
  hookTimeout: patience.hookMs,
  expect: {poll: {timeout: patience.pollMs}},
};

/** What the build makes of the page for the server; tests take it from its source. */
const renderPage = {
  find: /^.*\/console\/page\/renderPage\.js$/,
  replacement: fileURLToPath(new URL("src/console/page/server.tsx", import.meta.url)),
};

/** They take half a minute and more: begun last, they would be waited for alone. */
const slowest = [
  "e2e/chaos",
  "e2e/threeServers",
  "integration/gateway/ahead",
  "integration/registration/openClaim",
  "e2e/registerFaults",
  "browser/console",
  "browser/manyExits",
  "e2e/demo",
];

/** Installations, benches, campaigns, whole clusters: they run with CI=true, or if they are named. */
const thorough = [
  "browser/manyExits",
  "e2e/bench",
  "e2e/chaos",
  "e2e/image",
  "e2e/package",
  "e2e/restore",
  "e2e/threeServers",
].map((name) => `test/${name}.test.ts`);
const isNamed = process.argv.some((argument) => argument.startsWith("test/"));

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({moduleId}: TestSpecification): boolean => slowest.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}

export default defineConfig({
  test: {
    // Tests with servers wait more than they work.
    maxWorkers: 4,
    sequence: {sequencer: SlowestFirst},
    projects: [
      // Tests hold no state between files; a fresh module graph for each would take ten times as long.
      {
        resolve: {alias: [renderPage]},
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          // Nothing here needs a process of its own, and threads start faster. Signals do not reach them.
          pool: "threads",
          isolate: false,
          ...patient,
        },
      },
      {
        test: {
          name: "servers",
          include: ["test/{integration,e2e,security,browser}/**/*.test.ts"],
          exclude: process.env["CI"] === "true" || isNamed ? [] : thorough,
          isolate: false,
          globalSetup: "test/support/globalSetup.ts",
          ...patient,
        },
      },
    ],
  },
});
