import type {Roles} from "../startRoles.js";
import type {RunOperator} from "./createRunOperator.js";
import type {PlayedOutside} from "./playOutside.js";

/** A system that runs, and what is outside of it. */
export type Stage = {
  readonly outside: PlayedOutside;
  readonly roles: Roles;
  readonly announce: (step: string) => void;
  readonly runOperator: RunOperator;
};
