import {rmSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {DvtError} from "../../../src/errors.js";
import {followParticipants} from "../../../src/participants/liveParticipants.js";
import type {Participants} from "../../../src/participants/participants.js";
import {aParticipantsFile} from "../../support/examples/participants.js";
import {useFolder} from "../../support/files.js";
import {aLogger} from "../../support/logger.js";

const folder = useFolder();

async function follow() {
  const path = folder.fresh();
  const write = (content: unknown): string => folder.write(path.slice(folder.path("").length + 1), content);
  write(aParticipantsFile());
  const {logger, logged} = aLogger();
  return {path, write, logged, live: await followParticipants(path, "hoodi", {logger})};
}

describe("followParticipants", () => {
  it("reloads a file that has changed, and only then", async () => {
    const {live, write, logged} = await follow();
    const before = live.current();
    await live.reload();
    expect(live.current()).toBe(before);
    write(aParticipantsFile({operatorIds: ["acme", "other"]}));
    await live.reload();
    expect(live.current().operators.map(({id}) => id)).toEqual(["acme", "other"]);
    expect(logged).toHaveLength(1);
  });

  it("keeps the previous version while the file is invalid, and logs that once", async () => {
    const {live, path, write, logged} = await follow();
    const before = live.current();
    write("{");
    await live.reload();
    await live.reload();
    expect(live.current()).toBe(before);
    rmSync(path);
    await live.reload();
    expect(live.current()).toBe(before);
    expect(logged.map(({level, code}) => [level, code])).toEqual([
      [50, "FILE_INCOMPLETE"],
      [50, "FILE_MISSING"],
    ]);
    write(aParticipantsFile({operatorIds: ["other"]}));
    await live.reload();
    expect(live.current().operators.map(({id}) => id)).toEqual(["other"]);
  });

  it("keeps the previous version while the role cannot work with the new one", async () => {
    const path = folder.write("accepted.json", aParticipantsFile());
    const {logger, logged} = aLogger();
    const accept = ({operators}: Participants): void => {
      if (operators.length > 1) throw new DvtError("CONFIG_INVALID", "OPERATORS: one is enough");
    };
    const live = await followParticipants(path, "hoodi", {accept, logger});
    const before = live.current();
    folder.write("accepted.json", aParticipantsFile({operatorIds: ["acme", "other"]}));
    await live.reload();
    expect(live.current()).toBe(before);
    expect(logged).toMatchObject([{code: "CONFIG_INVALID"}]);
  });

  it("rejects an invalid file at the start", async () => {
    const path = folder.write("other-network.json", aParticipantsFile());
    await expect(followParticipants(path, "gnosis", aLogger())).rejects.toMatchObject({code: "PARTICIPANTS_INVALID"});
  });
});
