import {expect, it} from "vitest";
import {paint} from "../../../src/cli/paint.js";

it("gives our own shapes a colour, and what needs attention", () => {
  expect(paint("! look\nit waits\n▒ waits 3 min  ▨ refuses  □ away  ■ signs\n")).toBe(
    "\u001b[1;31m! look\u001b[0m\nit waits\n\u001b[33m▒ waits\u001b[0m 3 min  \u001b[31m▨ refuses\u001b[0m  \u001b[31m□ away\u001b[0m  ■ signs\n",
  );
});
