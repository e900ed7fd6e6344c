import type {World} from "../world.js";

/** One that strikes once. */
export type Strike = {
  readonly target: string;
  readonly lastsMs: number;
  /** 0 to 999, chosen beforehand, for what the fault itself has to choose. */
  readonly dice: number;
};

/** A kind of failure. What `strike` returns heals it; what it struck works again some time after that. */
export type Fault = {
  readonly name: string;
  /** What it can strike. */
  targets(options: {cluster: boolean}): readonly string[];
  /** What nothing else may strike meanwhile; by itself its target. */
  holds?(target: string): readonly string[];
  strike(world: World, strike: Strike): Promise<() => Promise<void>>;
};
