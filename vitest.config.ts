import {defineConfig} from "vitest/config";

/** What is polled for comes in its time, on a busy machine too. */
const patient = {poll: {timeout: 10_000}};

export default defineConfig({
  test: {
    // Tests with servers wait more than they work.
    maxWorkers: 3,
    projects: [
      // Tests hold no state between files; a fresh module graph for each would take ten times as long.
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: patient,
        },
      },
      {
        test: {
          name: "servers",
          include: ["test/{integration,e2e,security}/**/*.test.ts"],
          isolate: false,
          globalSetup: "test/support/globalSetup.ts",
          testTimeout: 90_000,
          hookTimeout: 60_000,
          expect: patient,
        },
      },
    ],
  },
});
