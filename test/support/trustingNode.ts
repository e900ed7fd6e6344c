import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {PublishedParticipants} from "../../schemas/participants.js";
import {toText} from "../../src/trust/followPublished.js";
import {publishParticipants} from "../../src/trust/publishParticipants.js";
import {readPublished} from "../../src/trust/readPublished.js";
import {toTrust, writeTrust} from "../../src/trust/trustFile.js";
import {changeParticipants} from "./changeParticipants.js";
import {temporaryFolder} from "./servers.js";
import {clusterId, type System} from "./system.js";

/** A node whose people trust version 1 of participants.json, which the administrator has published. */
export async function aTrustingNode(system: System) {
  const {bus} = system;
  /** The administrator changes participants.json, and publishes it. */
  const publish = async (change: object): Promise<PublishedParticipants> => {
    await changeParticipants(system, (file) => Object.assign(file, change));
    await publishParticipants({bus, path: system.participantsFile, network: "hoodi"});
    return (await readPublished(bus, {network: "hoodi", adminNkey: bus.identity.nkey})) as PublishedParticipants;
  };
  const first = await publish({version: 1});
  const folder = await temporaryFolder();
  const own = {PARTICIPANTS_FILE: join(folder, "participants.json"), TRUST_FILE: join(folder, "trust.json")};
  await writeFile(own.PARTICIPANTS_FILE, toText(first));
  await writeTrust(own.TRUST_FILE, toTrust(first, [clusterId]));
  return {first, own, publish};
}
