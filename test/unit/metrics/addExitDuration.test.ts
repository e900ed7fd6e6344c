import {expect, it} from "vitest";
import {addExitDuration} from "../../../src/metrics/addExitDuration.js";
import {aRegistry} from "../../support/aRegistry.js";

it("sorts exits from 10 ms to a day and more, and takes a clock that went back for no time", async () => {
  const {registry, lines} = aRegistry();
  const observe = addExitDuration(registry);
  for (const ms of [-5, 10, 300, 90_000_000]) observe(ms);
  const counts = (await lines()).map((line) => /le="([^"]+)"\} (\d+)/.exec(line)?.slice(1));
  expect(counts).toEqual(
    expect.arrayContaining([
      ["0.01", "2"],
      ["0.25", "2"],
      ["0.5", "3"],
      ["86400", "3"],
      ["+Inf", "4"],
    ]),
  );
  expect(await lines()).toContain("dvt_exit_duration_seconds_sum 90000.31");
});
