import type {MsgHdrs} from "nats";
import {describe, expect, it} from "vitest";
import type {Enrolment} from "../../../schemas/enrolment.js";
import {codeOf} from "../../../src/enrolment/code.js";
import type {InvitationRecord} from "../../../src/enrolment/invitationsFile.js";
import {judgeEnrolment, type Known} from "../../../src/enrolment/judge.js";
import {prove} from "../../../src/enrolment/proof.js";
import {toKeyShares} from "../../../src/keys/secretKeyShares.js";
import {createSeed, type Identity, toIdentity} from "../../../src/messaging/identity.js";
import type {StoredMessage} from "../../../src/messaging/readNext.js";
import {signMessage} from "../../../src/messaging/signature.js";
import {aCluster} from "../../support/examples/cluster.js";

const {validators, definition} = aCluster();
const hash = definition.definitionId as string;
const id = "ab".repeat(16);
const newIdentity = (): Identity => toIdentity("test", createSeed().seed);
const identity = newIdentity();
const {nkey} = identity;

const sharesOf = (shareIndex: number) => {
  const [publicKey] = [...definition.validators.keys()] as [string];
  return toKeyShares(shareIndex, new Map([[publicKey, validators[0]?.secretShares[shareIndex - 1] as never]]));
};
const proofFor = (changes: Partial<Parameters<typeof prove>[1]> = {}, by = 1) =>
  prove(sharesOf(by), {network: "hoodi", definitionHash: hash, shareIndex: 1, nkey, invitationId: id, ...changes});
const proof = await proofFor();

const record: InvitationRecord = {id, nkey: createSeed().nkey, participant: "sidecar-alpha-1", created_at: 0, expires_at: 10_000};
const known: Known = {network: "hoodi", record, nkeys: [createSeed().nkey], cluster: {definition, hash}};

type Changes = {readonly [K in keyof Enrolment]?: Enrolment[K] | undefined};

function message(changes: Changes = {}, {signer = identity, ...stored}: {signer?: Identity} & Partial<StoredMessage> = {}) {
  const payload = {network: "hoodi", invitation: id, participant: "sidecar-alpha-1", nkey, version: "1", proof, ...changes};
  const subject = `dvt.v2.enrolments.hoodi.${id}`;
  const data = Buffer.from(JSON.stringify(payload));
  return {seq: 1, subject, data, headers: signMessage(signer, subject, data), timestampMs: 5000, ...stored};
}

describe("an enrolment", () => {
  it("with a proof is proven", async () => {
    expect(await judgeEnrolment(message(), known)).toMatchObject({verdict: "proven", enrolment: {nkey}});
  });

  it.each<{id: string; participant: string; withProof: boolean; cluster: Known["cluster"]}>([
    {id: "of a sidecar without one", participant: "sidecar-alpha-1", withProof: false, cluster: known.cluster},
    {
      id: "of a sidecar whose cluster is in SSV's contract",
      participant: "sidecar-alpha-1",
      withProof: true,
      cluster: {definition: undefined, hash},
    },
    {id: "of an operator", participant: "operator-acme", withProof: false, cluster: undefined},
    {id: "of a viewer with a proof, which proves nothing", participant: "viewer-ops", withProof: true, cluster: undefined},
  ])("$id needs its code", async ({participant, withProof, cluster}) => {
    const sent = message({participant, proof: withProof ? proof : undefined});
    const judged = await judgeEnrolment(sent, {...known, record: {...record, participant}, cluster});
    expect(judged).toMatchObject({verdict: "code", code: codeOf(id, nkey)});
  });

  it.each<{id: string; of: () => Promise<StoredMessage> | StoredMessage; knows?: Partial<Known>}>([
    {id: "of nobody who was invited", of: () => message(), knows: {record: undefined}},
    {id: "of an invitation that was used", of: () => message(), knows: {record: {...record, used_at: 1}}},
    {id: "that came when the invitation had expired", of: () => message({}, {timestampMs: 10_000})},
    {id: "for somebody else", of: () => message({participant: "operator-acme"})},
    {id: "of another share index", of: () => message({participant: "sidecar-alpha-2"})},
    {id: "of an nkey that somebody has", of: () => message(), knows: {nkeys: [nkey]}},
    {id: "that another nkey signed", of: () => message({}, {signer: newIdentity()})},
    {id: "that nobody signed", of: () => message({}, {headers: {get: () => ""} as unknown as MsgHdrs})},
    {id: "of an nkey whose checksum is wrong, which would break the server's configuration", of: () => withBadChecksum()},
    {id: "that is no JSON", of: () => message({}, {data: Buffer.from("{")})},
    {id: "with an unknown field", of: () => message({more: 1} as Changes)},
    {id: "on another subject", of: () => message({}, {subject: `dvt.v2.enrolments.hoodi.${"cd".repeat(16)}`})},
    {id: "of another network", of: () => message({network: "mainnet"}, {subject: `dvt.v2.enrolments.mainnet.${id}`})},
    {id: "with another share index's proof", of: async () => message({proof: await proofFor({}, 2)})},
    {id: "with a proof for another nkey", of: async () => message({proof: await proofFor({nkey: createSeed().nkey})})},
    {
      id: "with a proof for another invitation",
      of: async () => message({proof: await proofFor({invitationId: "cd".repeat(16)})}),
    },
    {id: "with a proof for another network", of: async () => message({proof: await proofFor({network: "mainnet"})})},
    {
      id: "with a proof for another cluster",
      of: async () => message({proof: await proofFor({definitionHash: `0x${"cd".repeat(32)}`})}),
    },
  ])("is refused $id", async ({of, knows}) => {
    expect(await judgeEnrolment(await of(), {...known, ...knows})).toMatchObject({verdict: "refused", why: expect.any(String)});
  });
});

/** The same key, and so a valid signature, in an nkey that no server accepts. */
function withBadChecksum(): StoredMessage {
  const last = nkey.at(-1) === "A" ? "B" : "A";
  return message({nkey: `${nkey.slice(0, -1)}${last}`, proof: undefined});
}
