import type {Obstacle, Step, Tell} from "../../../registration/steps.js";
import {stepText} from "./stepText.js";

type Options = {
  readonly unit: string;
  readonly print: (text: string) => void;
  /** In ms, that only grow. */
  readonly now?: () => number;
};

/** Steps up to what stops a registration: with the same obstacle they are the same again, each second or each block. */
const upToObstacle: ReadonlySet<Step["step"]> = new Set(["planned", "exits ready", "root read"] as const);
/** What oracles say differs each time in who said it first. */
const oraclesAgainMs = 60_000;

/** Tells each step to people in words, and the same obstacle once: a line for each try would fill a log. */
export function createTell({unit, print, now = () => performance.now()}: Options): Tell {
  /** `after`: how many of these steps came before it. */
  let last: {readonly why: Obstacle["why"]; readonly text: string; readonly at: number; readonly after: number} | undefined;
  let held: string[] = [];
  let steps = 0;
  const isTold = ({why}: Obstacle, text: string): boolean => {
    if (last?.why !== why) return false;
    return last.text === text || (why === "oracles" && now() - last.at < oraclesAgainMs);
  };
  return (step) => {
    const text = stepText(step, unit);
    if (step.step === "obstacle") {
      const {why} = step.obstacle;
      const after = steps;
      [held, steps] = [[], 0];
      if (isTold(step.obstacle, text)) return;
      last = {why, text, at: now(), after};
      return print(text);
    }
    steps = upToObstacle.has(step.step) ? steps + 1 : 0;
    if (last && steps > 0 && steps <= last.after) {
      held.push(text);
      return;
    }
    for (const before of held) print(before);
    [last, held] = [undefined, []];
    print(text);
  };
}
