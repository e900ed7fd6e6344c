import {headers} from "nats";
import {describe, expect, it, onTestFinished} from "vitest";
import {exitBatch} from "../../schemas/exitBatch.js";
import {exitCompletion} from "../../schemas/exitCompletion.js";
import {exitRequest} from "../../schemas/exitRequest.js";
import {exitShare} from "../../schemas/exitShare.js";
import {startAggregator} from "../../src/aggregator/startAggregator.js";
import {networks} from "../../src/consensus/networks.js";
import type {Bus} from "../../src/messaging/connect.js";
import {consume} from "../../src/messaging/consume.js";
import type {Identity} from "../../src/messaging/identity.js";
import {signatureHeader, signMessage} from "../../src/messaging/signature.js";
import {startRelayer} from "../../src/relayer/startRelayer.js";
import {createShutdown} from "../../src/runtime/shutdown.js";
import {aRequest} from "../support/aRequest.js";
import {silent} from "../support/servers.js";
import {signBatch} from "../support/signBatch.js";
import {aShare, ask, createStage, type Dealt, messagesIn, type Stage, storedMessage} from "../support/stage.js";
import {untilMessages} from "../support/until.js";

const shutdownWithTest = () => {
  const shutdown = createShutdown({onError: () => {}});
  onTestFinished(shutdown.stop);
  return shutdown;
};

/** Says it through the bus operator's own connection, which may publish anything, with a header of the attacker's making. */
const say = async (stage: Stage, subject: string, data: Uint8Array, header = headers()): Promise<void> => {
  await stage.bus.connection.request(subject, data, {timeout: 2000, headers: header});
};
const bytes = (payload: object): Uint8Array => new TextEncoder().encode(JSON.stringify(payload));
const keyOf = (stage: Stage): string => (stage.dealt[0] as Dealt).publicKeyHex;

type Forgery = (stage: Stage, subject: string, data: Uint8Array) => Promise<ReturnType<typeof headers>>;
const identityOf = async (stage: Stage, participant: string): Promise<Identity> => (await stage.busOf(participant)).identity;

const forgeries: {id: string; forge: Forgery}[] = [
  {id: "no signature", forge: async () => headers()},
  {
    id: "a signature that is none",
    forge: async () => {
      const header = headers();
      header.set(signatureHeader, "not base64 at all");
      return header;
    },
  },
  {
    id: "another participant's signature",
    forge: async (stage, subject, data) => signMessage(await identityOf(stage, "sidecar-c1-2"), subject, data),
  },
  {
    id: "the bus operator's own signature",
    forge: async (stage, subject, data) => signMessage(stage.bus.identity, subject, data),
  },
  {
    id: "the right one's signature under another subject",
    forge: async (stage, subject, data) => signMessage(await identityOf(stage, "sidecar-c1-1"), `${subject}1`, data),
  },
  {
    id: "the right one's signature under another payload",
    forge: async (stage, subject) => signMessage(await identityOf(stage, "sidecar-c1-1"), subject, bytes({})),
  },
];

describe("whoever runs the bus cannot speak for a sidecar", () => {
  it.each(forgeries)("with $id", async ({forge}) => {
    const stage = await createStage();
    await ask(stage);
    await startAggregator(stage.aggregator, shutdownWithTest());
    const share = aShare(stage);
    const subject = exitShare.subject(share);
    const refused = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
    await say(stage, subject, bytes(share), await forge(stage, subject, bytes(share)));
    await refused;
    const letter = await storedMessage(stage.bus, "DEAD_LETTERS", "dvt.v2.dead_letters.EXIT_SHARES.aggregator");
    expect(letter).toMatchObject({code: "SIGNATURE_INVALID", subject});
    const exit = {network: networks.hoodi, publicKey: keyOf(stage), validatorIndex: 1000};
    expect(await stage.exits.find(exit, stage.oracleSet.configHash)).toBeUndefined();
  });
});

describe("whoever runs the bus cannot speak for others either", () => {
  it("not for an operator: the batch changes nothing", async () => {
    const stage = await createStage();
    await startRelayer(stage.relayer, shutdownWithTest());
    const validators = [{public_key: keyOf(stage), validator_index: 1}];
    const unsigned = {batch_id: "b", network: "hoodi" as const, operator_id: "op-1", requested_at: Date.now(), validators};
    const batch = await signBatch(stage, unsigned);
    const refused = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
    await say(stage, exitBatch.subject(batch), bytes(batch));
    await refused;
    expect(await stage.db.collection("requests").countDocuments()).toBe(0);
    expect(await messagesIn(stage.bus, "COMPLETIONS")).toBe(0);
  });

  it.each([
    {id: "not for the relayer: a sidecar never gets to see the request", participant: "sidecar-c1-1", as: "operator-op-1"},
    {id: "nor does the aggregator's word count for the relayer's", participant: "sidecar-c1-1", as: "aggregator"},
  ])("$id", async ({participant, as}) => {
    const stage = await createStage();
    const request = await aRequest(stage);
    await expectUnseen(stage, await stage.busOf(participant), "EXIT_REQUESTS", participant, async () => {
      const subject = exitRequest.subject(request);
      await say(stage, subject, bytes(request), signMessage(await identityOf(stage, as), subject, bytes(request)));
    });
  });

  it("not for the aggregator: an operator never gets to see the completion", async () => {
    const stage = await createStage();
    const exit = {network: "hoodi" as const, operator_id: "op-1", public_key: keyOf(stage), validator_index: 1};
    const rejection = {...exit, status: "rejected" as const, requested_at: 1, code: "EXIT_EXPIRED", reason: "give up"};
    await expectUnseen(stage, await stage.busOf("operator-op-1"), "COMPLETIONS", "operator-op-1", async () => {
      const subject = exitCompletion.subject(rejection);
      await say(
        stage,
        subject,
        bytes(rejection),
        signMessage(await identityOf(stage, "sidecar-c1-1"), subject, bytes(rejection)),
      );
    });
  });
});

/** The message is refused before its handler is called. */
async function expectUnseen(
  stage: Stage,
  bus: Bus,
  stream: "EXIT_REQUESTS" | "COMPLETIONS",
  durable: string,
  forge: () => Promise<void>,
): Promise<void> {
  let seen = 0;
  const handle = async (): Promise<string> => `seen ${++seen}`;
  const consumer = await consume(bus, {stream, durable, concurrency: 1, logger: silent, handle});
  onTestFinished(consumer.stop);
  const refused = untilMessages(stage.bus, "dvt.v2.dead_letters.>", 1);
  await forge();
  await refused;
  const letter = await storedMessage(stage.bus, "DEAD_LETTERS", `dvt.v2.dead_letters.${stream}.${durable}`);
  expect(letter).toMatchObject({code: "SIGNATURE_INVALID"});
  expect(seen).toBe(0);
}
