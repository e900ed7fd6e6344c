import type {Lack} from "../../schemas/status.js";
import {errorTodos, refusalTodos, todoOf} from "./todos.js";

/** What to do so that a share comes. */
export function todoOfLack({why, code = ""}: Pick<Lack, "why" | "code">): string {
  switch (why) {
    case "away":
      return "Start its sidecar, or tell whoever runs it. If it runs: its log says why it does not reach NATS.";
    case "waits":
      return todoOf(errorTodos, code);
    case "refused":
      return todoOf(refusalTodos, code);
    case "asked":
      return "Wait a moment. If it stays so: its log says why.";
  }
}
