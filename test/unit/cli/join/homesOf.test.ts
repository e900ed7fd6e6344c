import {expect, it} from "vitest";
import {homesOf} from "../../../../src/cli/join/homesOf.js";
import {useFolder} from "../../../support/files.js";

const folder = useFolder();
const passwdFile = (): string =>
  folder.write(
    "passwd",
    [
      "root:x:0:0:root:/root:/bin/bash",
      "alicette:x:1002:1002::/home/alicette:/bin/bash",
      "alice:x:1001:1001:Alice, of the node:/srv/alice:/bin/bash",
      "nobody:x:65534:65534:nobody::/usr/sbin/nologin",
      "",
    ].join("\n"),
  );

it.each([
  {id: "the caller's own", env: {HOME: "/home/alice"}, homes: ["/home/alice"]},
  {
    id: "under sudo that of whoever called it, then root's",
    env: {HOME: "/root", SUDO_USER: "alice"},
    homes: ["/srv/alice", "/root"],
  },
  {id: "it once, where sudo leaves HOME as it is", env: {HOME: "/srv/alice", SUDO_USER: "alice"}, homes: ["/srv/alice"]},
  {id: "HOME alone, if the file does not list the user", env: {HOME: "/root", SUDO_USER: "carol"}, homes: ["/root"]},
  {id: "HOME alone, if the user has no home", env: {HOME: "/root", SUDO_USER: "nobody"}, homes: ["/root"]},
  {id: "HOME alone, for a name that is none", env: {HOME: "/root", SUDO_USER: "x:0"}, homes: ["/root"]},
])("looks for key shares in $id", async ({env, homes}) => {
  expect(await homesOf(env, passwdFile())).toEqual(homes);
});

it("needs no passwd file", async () => {
  expect(await homesOf({HOME: "/root", SUDO_USER: "alice"}, `${folder.path()}/none`)).toEqual(["/root"]);
});
