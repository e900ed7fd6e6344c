import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {inject} from "vitest";
import {type PublishedParticipants, participants} from "../../schemas/participants.js";
import {generatePrivateKey, publicKeyOf} from "../../src/ecies/keys.js";
import {toIdentity} from "../../src/messaging/identity.js";
import {publish} from "../../src/messaging/publish.js";
import {signMessage} from "../../src/messaging/signature.js";
import {toHex} from "../../src/runtime/hex.js";
import {followPublished} from "../../src/trust/followPublished.js";
import {toTrust, writeTrust} from "../../src/trust/trustFile.js";
import {castIn} from "./cast.js";
import {publishedParticipants} from "./examples/participants.js";
import {aLogger} from "./logger.js";
import {temporaryFolder} from "./servers.js";
import {createStage} from "./stage.js";

type Change = (version: PublishedParticipants) => unknown;

/** A sidecar's files of version 1, a bus, and an administrator who may turn hostile. */
export async function createTrustStage({moreKeys = 0} = {}) {
  const stage = await createStage();
  const folder = await temporaryFolder();
  const [participantsFile, trustFile] = ["participants.json", "trust.json"].map((name) => join(folder, name)) as [string, string];
  const {admin} = stage.participants;
  const key = toHex(stage.aggregatorKey);
  const older = Array.from({length: moreKeys}, () => toHex(publicKeyOf(generatePrivateKey())));
  const first = (): PublishedParticipants => {
    const version = publishedParticipants({admin, viewers: [...stage.participants.viewers]});
    version.aggregator.encryption_keys = [key, ...older];
    return structuredClone(version);
  };
  const writeFirst = (): Promise<void> => writeFile(participantsFile, JSON.stringify(first()));
  await writeFirst();
  await writeTrust(trustFile, toTrust(first(), ["alpha"]));
  const {logger, logged} = aLogger();
  let at = 0;
  const {poll} = followPublished({trustFile, participantsFile, network: "hoodi", logger, now: () => at});
  const sidecar = await stage.busOf("sidecar-c1-1");
  const seedOf = castIn(inject("castFolder")).seedFile;
  const inEffect = async (): Promise<PublishedParticipants> => JSON.parse(await readFile(participantsFile, "utf8"));
  /** Version 2, changed. */
  const versionOf = (change: Change): PublishedParticipants => {
    const version = {...first(), version: 2};
    change(version);
    return version;
  };
  return {
    ...stage,
    participantsFile,
    trustFile,
    logged,
    first,
    versionOf,
    writeFirst,
    inEffect,
    /** Publishes version 2 with this change, as its administrator does, and lets the sidecar look. */
    async offer(change: Change): Promise<boolean> {
      await publish(stage.bus, participants, versionOf(change));
      return poll(sidecar);
    },
    /** Stores bytes that somebody signed: whoever runs the bus could. */
    async plant(data: Uint8Array, signer: string): Promise<boolean> {
      const identity = toIdentity(signer, await readFile(seedOf(signer), "utf8"));
      const subject = "dvt.v2.participants.hoodi";
      await stage.bus.js.publish(subject, data, {headers: signMessage(identity, subject, data)});
      return poll(sidecar);
    },
    poll: () => poll(sidecar),
    later: (ms: number) => {
      at += ms;
    },
  };
}
