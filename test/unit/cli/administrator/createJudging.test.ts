import {expect, it} from "vitest";
import type {ParticipantsFile} from "../../../../schemas/participants.js";
import {createJudging} from "../../../../src/cli/administrator/createJudging.js";
import type {Definitions} from "../../../../src/cli/administrator/definitions.js";
import {createSeed, toIdentity} from "../../../../src/messaging/identity.js";
import {signMessage} from "../../../../src/messaging/signature.js";
import {anNkey} from "../../../support/examples/participants.js";

const id = "ab".repeat(16);
const record = {id, nkey: anNkey(1), participant: "sidecar-alpha-1", created_at: 0, expires_at: 10_000};
const identity = toIdentity("test", createSeed().seed);

function judging() {
  let reads = 0;
  const definitions: Definitions = async () => {
    reads++;
    return {definition: undefined, hash: "0x00", shareIndexes: [1]};
  };
  const file = (version: number): ParticipantsFile => ({
    network: "hoodi",
    version,
    admin: {nkey: anNkey(2)},
    relayer: {nkey: anNkey(3)},
    aggregator: {nkey: anNkey(4), encryption_keys: [`0x${"00".repeat(64)}`]},
    operators: [],
    clusters: [{id: "alpha", definition: "lock.json", operators: [], sidecars: []}],
  });
  /** An enrolment for this participant, stored under this sequence number. */
  const message = (participant: string, seq = 1) => {
    const subject = `dvt.v2.enrolments.hoodi.${id}`;
    const payload = {network: "hoodi", invitation: id, participant, nkey: identity.nkey, version: "1"};
    const data = Buffer.from(JSON.stringify(payload));
    return {seq, subject, data, headers: signMessage(identity, subject, data), timestampMs: 5000};
  };
  return {judge: createJudging("hoodi", definitions), file, message, reads: () => reads};
}

it("judges a refused enrolment once, until participants.json or its invitation changes, or another one comes", async () => {
  const {judge, file, message, reads} = judging();
  const foreign = message("sidecar-alpha-2");
  for (let poll = 0; poll < 3; poll++) expect(await judge(foreign, {record, file: file(1)})).toMatchObject({verdict: "refused"});
  expect(reads()).toBe(1);
  await judge(foreign, {record, file: file(2)});
  await judge(foreign, {record: {...record, expires_at: 20_000}, file: file(2)});
  await judge(message("sidecar-alpha-2", 2), {record, file: file(2)});
  expect(reads()).toBe(4);
});

it("judges again each time what may be taken", async () => {
  const {judge, file, message, reads} = judging();
  for (let poll = 0; poll < 2; poll++)
    expect(await judge(message("sidecar-alpha-1"), {record, file: file(1)})).toMatchObject({verdict: "code"});
  expect(reads()).toBe(2);
});
