import {expect, it} from "vitest";
import type {Reply} from "../../../schemas/answer.js";
import type {Question} from "../../../schemas/query.js";
import {answerQueries} from "../../../src/messaging/answerQueries.js";
import {askRelayer} from "../../../src/messaging/askRelayer.js";
import {silent} from "../../support/servers.js";
import {createStage} from "../../support/stage.js";

const question: Question = {kind: "exit", public_key: `0x${"ab".repeat(48)}`};

it.each(["admin", "viewer-v-1", "operator-op-1"])("answers %s", async (participant) => {
  const stage = await createStage();
  const asked: unknown[] = [];
  const answering = answerQueries(stage.relayer.bus, {
    reply: async (...args): Promise<Reply> => {
      asked.push(args);
      return {kind: "exit"};
    },
    logger: silent,
  });
  const bus = await stage.busOf(participant);
  await stage.relayer.bus.connection.flush();
  expect(await askRelayer(bus, question)).toEqual({kind: "exit"});
  expect(asked).toEqual([[participant, question]]);
  await answering.stop();
});

it("says that no relayer answers", async () => {
  const stage = await createStage();
  const bus = await stage.busOf("viewer-v-1");
  await expect(askRelayer(bus, question)).rejects.toMatchObject({
    code: "BUS_UNAVAILABLE",
    message: expect.stringContaining("no relayer answers;"),
  });
});
