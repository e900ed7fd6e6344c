import {expect, inject, it} from "vitest";
import type {Reply} from "../../../schemas/answer.js";
import type {Question} from "../../../schemas/query.js";
import {answerQueries} from "../../../src/messaging/answerQueries.js";
import {askRelayer} from "../../../src/messaging/askRelayer.js";
import type {Bus} from "../../../src/messaging/connect.js";
import {loadParticipants} from "../../../src/participants/participants.js";
import {castIn} from "../../support/cast.js";
import {connectTestBus, silent, startOpenNats} from "../../support/servers.js";
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

it("answers on a server without our accounts too, where anybody could overhear it", async () => {
  const [{url}, {participantsFile, seedFile}] = [await startOpenNats(), castIn(inject("castFolder"))];
  const participants = await loadParticipants(participantsFile, "hoodi");
  const connectAs = (participant: string) => connectTestBus(participant, {participants, seedFile, url, sharedAccount: true});
  const [relayer, viewer, operator] = await Promise.all(["relayer", "viewer-v-1", "operator-op-1"].map(connectAs));
  const reply = async (participant: string): Promise<Reply> =>
    participant === "viewer-v-1" ? {kind: "exit"} : {kind: "exits", page: {at: 1, exits: []}};
  const answering = answerQueries(relayer as Bus, {reply, logger: silent});
  await relayer?.connection.flush();
  expect(await askRelayer(viewer as Bus, question)).toEqual({kind: "exit"});
  expect(await askRelayer(operator as Bus, question)).toEqual({kind: "exits", page: {at: 1, exits: []}});
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
