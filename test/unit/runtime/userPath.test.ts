import {describe, expect, it} from "vitest";
import {userPath} from "../../../src/runtime/userPath.js";

describe("userPath", () => {
  it.each([
    {
      id: "a relative path starts where npm was called",
      path: "data/key",
      env: {INIT_CWD: "/home/user"},
      expected: "/home/user/data/key",
    },
    {id: "an absolute path stays", path: "/etc/key", env: {INIT_CWD: "/home/user"}, expected: "/etc/key"},
    {id: "without npm it starts here", path: "key", env: {}, expected: `${process.cwd()}/key`},
  ])("$id", ({path, env, expected}) => {
    expect(userPath(path, env)).toBe(expected);
  });
});
