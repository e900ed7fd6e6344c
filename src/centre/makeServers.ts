import {randomBytes} from "node:crypto";
import {toAccountsConfig} from "../messaging/accounts.js";
import {loadParticipants} from "../participants/participants.js";
import {isLoopback} from "../runtime/isLoopback.js";
import {type Centre, files, owners} from "./centre.js";
import {fillNatsConfig} from "./fillIn.js";
import {makeTls} from "./makeTls.js";
import type {Making} from "./making.js";
import type {Packaged} from "./packaged.js";

/** Where NATS listens: everywhere, unless everybody is on its machine. */
export const addressOf = ({nats}: Pick<Centre, "nats">): string => (isLoopback(nats.host) ? "127.0.0.1" : "0.0.0.0");

/** Makes what the servers need: NATS's configuration, accounts and certificates, and MongoDB's passwords. */
export async function makeServers(making: Making, packaged: Packaged, centre: Centre): Promise<void> {
  await makeTls(making, centre);
  const open = {mode: 0o644, owner: owners.nats};
  await making.file(files.accounts, open, async () =>
    toAccountsConfig(await loadParticipants(making.path(files.participants), centre.network)),
  );
  await making.file(files.natsConfig, open, async () =>
    fillNatsConfig(await packaged.text("nats.conf"), {address: addressOf(centre), port: centre.nats.port}),
  );
  await making.file(files.mongoPassword, {mode: 0o600}, () => `${newPassword()}\n`);
  const place = centre.mongodb === undefined ? "mongo:27017/dvt?directConnection=true" : `${centre.mongodb}/dvt?replicaSet=rs0`;
  // The gateway's too, so that MongoDB knows its user from the first start.
  for (const role of ["relayer", "aggregator", "gateway"] as const) {
    const url = (): string => `mongodb://${role}:${newPassword()}@${place}\n`;
    await making.file(`${role}/mongodb.url`, {mode: 0o600, owner: owners[role]}, url);
  }
}

const newPassword = (): string => randomBytes(24).toString("hex");
