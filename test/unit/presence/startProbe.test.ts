import {expect, it, onTestFinished} from "vitest";
import {startProbe} from "../../../src/presence/startProbe.js";

it("knows a state once it was answered, and since when; one question is asked at a time", async () => {
  let now = 1000;
  let underWay = 0;
  let most = 0;
  const answers: ((state: "ok" | "unavailable") => void)[] = [];
  const ask = () =>
    new Promise<"ok" | "unavailable">((resolve) => {
      most = Math.max(most, ++underWay);
      answers.push((state) => {
        underWay--;
        resolve(state);
      });
    });
  const probe = startProbe({ask, now: () => now, everyMs: 1});
  onTestFinished(probe.stop);
  const answer = async (state: "ok" | "unavailable", at: number): Promise<void> => {
    const asked = answers.length;
    now = at;
    answers[asked - 1]?.(state);
    await expect.poll(() => answers.length).toBeGreaterThan(asked);
  };
  expect(probe.read()).toBeUndefined();
  await answer("ok", 2000);
  expect(probe.read()).toEqual({state: "ok", since: 2000});
  await answer("ok", 3000);
  expect(probe.read()).toEqual({state: "ok", since: 2000});
  await answer("unavailable", 4000);
  expect(probe.read()).toEqual({state: "unavailable", since: 4000});
  expect(most).toBe(1);
});
