import {expect, it} from "vitest";
import {createMetrics} from "../../../src/metrics/createMetrics.js";

it.each([
  {commit: "a92f606d6b1c", shown: "a92f606d6b1c"},
  {commit: undefined, shown: ""},
])("shows version, commit ($commit) and role, beside what Node.js says of the process", async ({commit, shown}) => {
  const {registry} = createMetrics({role: "relayer", version: "0.1.0", commit});
  const text = await registry.metrics();
  expect(text).toContain(`dvt_build_info{version="0.1.0",commit="${shown}",role="relayer"} 1`);
  expect(text).toContain("# TYPE nodejs_eventloop_lag_max_seconds gauge");
});
