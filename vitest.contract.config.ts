import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {include: ["test/contract/*.test.ts"], globalSetup: "test/support/globalSetup.ts", maxWorkers: 1, testTimeout: 600_000},
});
