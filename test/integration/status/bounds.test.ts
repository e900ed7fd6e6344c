import {expect, it} from "vitest";
import {deadLetter} from "../../../schemas/deadLetter.js";
import {publish} from "../../../src/messaging/publish.js";
import {createStatusStage} from "../../support/statusStage.js";

const many = 10_000;

it("answers about 10,000 open exits: the oldest 1,000 are looked at, and the others counted", async () => {
  const stage = await createStatusStage();
  const now = Date.now();
  const requests = Array.from({length: many}, (_, of) => {
    const public_key = `0x${of.toString(16).padStart(96, "0")}`;
    return {
      _id: `hoodi:${public_key}`,
      network: "hoodi",
      public_key,
      cluster_id: "c1",
      validator_index: of,
      requested_at: now,
      operators: {"op-1": {requested_at: now, order_id: `0x${"0d".repeat(32)}`}},
      state: "open",
      opened_at: now - many + of,
      due_at: now + 600_000,
      issues: 1,
    };
  });
  await stage.db.collection("requests").insertMany(requests as never[]);
  const reader = await stage.askAs("viewer-v-1");
  const status = await reader.status({});
  expect(status.cut).toBeUndefined();
  const [cluster] = status.clusters;
  expect(cluster?.exits).toMatchObject({open: many, oldest_opened_at: now - many});
  expect(cluster?.missing).toMatchObject([{exits: 1000, opened_at: now - many}]);
  expect(cluster?.beyond).toBe(many - 1000);
  const page = await reader.exits({state: "open"});
  expect(page.exits.map(({validator_index}) => validator_index)).toEqual(Array.from({length: 200}, (_, of) => of));
  expect(page.cursor).toBeDefined();
  // None of them is rejected: a page of these ends all the same, and says where it goes on.
  expect(await reader.exits({state: "rejected"})).toMatchObject({exits: [], cursor: expect.any(String)});
});

it("gives dead letters from the latest on, past deleted ones, with what to do, to those who see everything", async () => {
  const stage = await createStatusStage();
  const {bus} = stage.relayer;
  const reader = await stage.askAs("viewer-v-1");
  expect((await reader.deadLetters({})).letters).toEqual([]);
  for (let of = 1; of <= 7; of++) {
    await publish(bus, deadLetter, {
      stream: "REQUESTS",
      subject: "dvt.v2.requests.hoodi.op-1",
      participant: "relayer",
      code: "PUBLIC_KEY_REPEATED",
      reason: `the letter ${of}`,
      deliveries: 1,
      payload_sha256: `0x${"ef".repeat(32)}`,
    });
  }
  const jsm = await stage.bus.connection.jetstreamManager();
  for (const seq of [2, 5, 6]) await jsm.streams.deleteMessage("DEAD_LETTERS", seq);
  const seen: number[] = [];
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await reader.deadLetters({limit: 2, ...(cursor !== undefined && {cursor})});
    expect(page.letters.length).toBeLessThanOrEqual(2);
    for (const {seq, todo} of page.letters) {
      seen.push(seq);
      expect(todo).toContain("Correct the batch");
    }
    cursor = page.cursor;
    more = cursor !== undefined;
  }
  expect(seen).toEqual([7, 4, 3, 1]);
  expect((await reader.status({})).dead_letters).toMatchObject({total: 4, last_hour: 4});
  const operator = await stage.askAs("operator-op-1");
  await expect(operator.deadLetters({})).rejects.toMatchObject({code: "OPERATOR_NOT_ALLOWED"});
});
