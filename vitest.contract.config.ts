import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {include: ["test/contract/*.test.ts"], globalSetup: "test/support/globalSetup.ts", testTimeout: 600_000},
});
