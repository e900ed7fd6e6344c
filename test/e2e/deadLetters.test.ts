import {expect, it} from "vitest";
import {dvt} from "../support/dvt.js";
import {exitRequestsIn} from "../support/exitRequests.js";
import {createSystem, type System} from "../support/system.js";
import {untilMessages} from "../support/until.js";

const subjectOf = (stream: string): string => `dvt.v2.dead_letters.${stream}.aggregator`;
const aLetter = (exit?: string, about = {stream: "EXIT_SHARES", subject: "dvt.v2.exit_shares.hoodi.c1.1"}): string =>
  JSON.stringify({
    ...about,
    participant: "aggregator",
    code: "SHARE_UNDECRYPTABLE",
    reason: "it is not readable",
    deliveries: 1,
    ...(exit !== undefined && {exit}),
    payload_sha256: `0x${"00".repeat(32)}`,
  });

const deadLetters = ({env, seedFile}: System, ...args: string[]) =>
  dvt(["dead-letters", ...args], {...env, NATS_SEED_FILE: seedFile("admin"), LOG_LEVEL: "error"});

it("dead letters are listed, retried and dropped from the command line", async () => {
  const system = await createSystem({validators: 1});
  await system.relayer({REISSUE_AFTER: "1h"});
  const asked = untilMessages(system.bus, "dvt.v2.exit_requests.>", 1);
  const operator = system.startRequest();
  await asked;
  const [publicKey] = system.publicKeys;
  for (const exit of [`hoodi:${publicKey}:1000`, `hoodi:${publicKey}:7`, undefined])
    await system.bus.js.publish(subjectOf("EXIT_SHARES"), aLetter(exit));

  const listed = await deadLetters(system, "list");
  expect(listed).toMatchObject({code: 0, output: expect.stringMatching(/^1 .*SHARE_UNDECRYPTABLE.*it is not readable$/m)});
  const {output: json} = await deadLetters(system, "list", "--json", "--seq", "2", "--seq", "3");
  expect(
    json
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).seq),
  ).toEqual([2, 3]);

  const askedAgain = untilMessages(system.bus, "dvt.v2.exit_requests.>", 1);
  expect(await deadLetters(system, "retry", "--seq", "1")).toMatchObject({
    code: 0,
    output: expect.stringContaining("1 of 1 retried"),
  });
  await askedAgain;

  expect(await deadLetters(system, "retry")).toMatchObject({
    code: 2,
    output: expect.stringMatching(/^2 .*now has index 1000\n3 no exit: .*relayer requests its exits again.*\n0 of 2 retried$/m),
  });

  const [requested] = await exitRequestsIn(system.bus);
  const ofOrder = requested?.message.subject ?? "";
  for (const about of [ofOrder, `${ofOrder.slice(0, -2)}00`])
    await system.bus.js.publish(subjectOf("EXIT_REQUESTS"), aLetter(undefined, {stream: "EXIT_REQUESTS", subject: about}));
  const orderAskedAgain = untilMessages(system.bus, "dvt.v2.exit_requests.>", 1);
  expect(await deadLetters(system, "retry", "--seq", "4", "--seq", "5")).toMatchObject({
    code: 2,
    output: expect.stringMatching(/^4 order 0x.*: requested again\n5 order 0x.*: .*order has expired.*\n1 of 2 retried$/m),
  });
  await orderAskedAgain;

  expect((await deadLetters(system, "drop")).code).toBe(64);
  expect((await deadLetters(system, "drop", "--stream", "REQUESTS")).output).toContain("0 dropped");
  expect((await deadLetters(system, "drop", "--code", "SHARE_UNDECRYPTABLE", "--seq", "2")).output).toContain("1 dropped");
  expect((await deadLetters(system, "drop", "--all")).output).toContain("2 dropped");
  expect((await deadLetters(system, "list")).output).toContain("no dead letters");
  await operator.stop();
});
